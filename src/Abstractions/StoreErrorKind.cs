namespace Coffer;

/// <summary>What went wrong, in terms that a caller can act on.</summary>
public enum StoreErrorKind
{
    /// <summary>Something this library did not foresee. The inner exception says more.</summary>
    Unexpected,

    /// <summary>There is no such object, or no such bucket, container or folder.</summary>
    NotFound,

    /// <summary>A create-only put found an object.</summary>
    AlreadyExists,

    /// <summary>A version condition did not hold.</summary>
    ConditionFailed,

    /// <summary>The credentials are good, but do not allow this.</summary>
    PermissionDenied,

    /// <summary>There are no credentials, or they are wrong or out of date.</summary>
    Unauthenticated,

    /// <summary>This store cannot keep that key exactly as it is.</summary>
    InvalidKey,

    /// <summary>The range begins at or behind the end of the object.</summary>
    RangeNotSatisfiable,

    /// <summary>This store cannot do that. Nothing was sent.</summary>
    Unsupported,

    /// <summary>The server asks to slow down, and did nothing.</summary>
    RateLimited,

    /// <summary>The disk, the bucket or the account is full.</summary>
    QuotaExceeded,

    /// <summary>The server was not reached, broke off, or is not well.</summary>
    Unavailable,

    /// <summary>A conditional put was sent and its answer lost: it may have happened or not. Read the object and compare; never just send it again.</summary>
    OutcomeUnknown,
}
