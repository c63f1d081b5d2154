namespace Coffer;

/// <summary>What a presigned URL allows.</summary>
public enum PresignedAccess
{
    /// <summary>To read the object, with GET.</summary>
    Read,

    /// <summary>To put the object, with PUT, in place of one that is there.</summary>
    Write,
}
