namespace Coffer;

/// <summary>What must hold for a put to happen.</summary>
public readonly record struct PutCondition
{
    private PutCondition(PutConditionKind kind, ObjectVersion? version)
    {
        Kind = kind;
        Version = version;
    }

    /// <summary>Nothing: create or replace.</summary>
    public static PutCondition Any => default;

    /// <summary>
    /// The key has no object. Truly atomic: of all concurrent writers exactly one wins, and the object holds that writer's whole body.
    /// Who loses gets <see cref="StoreErrorKind.AlreadyExists"/>.
    /// </summary>
    public static PutCondition IfAbsent => new(PutConditionKind.IfAbsent, null);

    /// <summary>The object has this version; else <see cref="StoreErrorKind.ConditionFailed"/>, also when there is no object.</summary>
    public static PutCondition IfMatch(ObjectVersion version) => new(PutConditionKind.IfMatch, version);

    /// <summary>Which of the three it is.</summary>
    public PutConditionKind Kind { get; }

    /// <summary>The version of <see cref="IfMatch"/>; else null.</summary>
    public ObjectVersion? Version { get; }

    /// <summary>For messages.</summary>
    public override string ToString() => Kind == PutConditionKind.IfMatch ? $"IfMatch({Version})" : Kind.ToString();
}

/// <summary>The kinds of <see cref="PutCondition"/>.</summary>
public enum PutConditionKind
{
    /// <summary>Create or replace.</summary>
    Any,

    /// <summary>Create only.</summary>
    IfAbsent,

    /// <summary>Replace one known version only.</summary>
    IfMatch,
}
