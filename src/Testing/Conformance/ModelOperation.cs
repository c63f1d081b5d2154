namespace Coffer.Testing;

internal enum ModelVerb
{
    Put,
    Create,
    ReplaceKnown,
    ReplaceOld,
    Delete,
    DeleteMany,
    Stat,
    Read,
    ReadRange,
    List,
    ListShallow,
}

/// <summary>One step of a random sequence. The numbers choose keys, prefixes, contents and ranges.</summary>
internal sealed record ModelOperation(ModelVerb Verb, int Key, int Other)
{
    public static readonly string[] Keys = ["a-", "a.txt", "a/b", "a/b.c", "a/c/d", "a/c/e", "a0", "b", "b/x", "é", "z/z/z"];

    public static readonly string[] Prefixes = ["", "a", "a/", "a/c", "a/c/", "b", "z/", "none"];

    public string KeyName => Keys[Key % Keys.Length];

    public string Prefix => Prefixes[Key % Prefixes.Length];

    public string? StartAfter => Other % 3 == 0 ? null : Keys[Other % Keys.Length] + (Other % 5 == 0 ? "/" : "");

    public byte[] Content => Pattern.Bytes((ulong)Other, Other * 37 % 5000);

    public override string ToString() => Verb switch
    {
        ModelVerb.List or ModelVerb.ListShallow => $"{Verb}(prefix '{Prefix}', start after '{StartAfter}')",
        ModelVerb.Put or ModelVerb.Create or ModelVerb.ReplaceKnown or ModelVerb.ReplaceOld => $"{Verb}('{KeyName}', {Content.Length} bytes)",
        ModelVerb.DeleteMany => $"DeleteMany('{KeyName}', '{Keys[Other % Keys.Length]}')",
        ModelVerb.ReadRange => $"ReadRange('{KeyName}', from {Other * 13 % 4000}, {1 + (Other % 900)} bytes)",
        _ => $"{Verb}('{KeyName}')",
    };
}
