namespace Coffer;

/// <summary>How to put an object.</summary>
public sealed record PutOptions
{
    /// <summary>Create or replace.</summary>
    public static PutOptions Default { get; } = new();

    /// <summary>Create only: of all concurrent writers exactly one wins.</summary>
    public static PutOptions CreateOnly { get; } = new() { Condition = PutCondition.IfAbsent };

    /// <summary>What must hold for the put to happen.</summary>
    public PutCondition Condition { get; init; } = PutCondition.Any;

    /// <summary>Told how many bytes of the body were sent so far, beginning anew with each attempt.</summary>
    public IProgress<long>? Progress { get; init; }
}
