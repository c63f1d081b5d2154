using Coffer.Vaults.Encoding;

namespace Coffer.Vaults.Integrity;

/// <summary>What a person is told of an object that holds bodies and is not as it must be.</summary>
internal static class BodyReport
{
    public static Finding Missing(NeededObject body) => Of(body, FindingKind.Absence, "is not on the store any more", "nothing");

    public static Finding Changed(NeededObject body, string found) => Of(body, FindingKind.Proof, "is not what was written", found);

    private static Finding Of(NeededObject body, FindingKind kind, string what, string found) => new(
        kind,
        body.Name.ToString(),
        $"The object {body.Name}, which commit {body.Commit} names, {what}. {Files(body)} Everything else can be read. Restore that object from a copy of the store, or write these files again; other versions of them can still be read.",
        body.Commit.Author,
        NamesStore: true,
        Base32Hex.Format(body.Commit.Writer),
        Expected: $"an object of {body.Size} bytes",
        Found: found);

    private static string Files(NeededObject body) => body.Paths.Count switch
    {
        0 => "It holds a file that cannot be read on this device.",
        > 3 => $"Not readable because of it: '{body.Paths[0]}', '{body.Paths[1]}', '{body.Paths[2]}' and others.",
        _ => $"Not readable because of it: {string.Join(", ", body.Paths.Select(static path => $"'{path}'"))}.",
    };
}
