using Coffer.Vaults.Databases;

namespace Coffer.Vaults.State;

/// <summary>The findings, each kept once, for ever: they are what a person decides on.</summary>
internal sealed class FindingTable(LocalDatabase database, TimeProvider time) : IFindingSink
{
    /// <summary>Told of each finding that is kept for the first time. Within a database transaction: only to be noted.</summary>
    public Action<Finding> Found { private get; set; } = static _ => { };

    public void Report(Finding finding)
    {
        var added = database.Run(
            """
            INSERT INTO findings(kind, subject, message, member, names_store, writer, evidence, first_seen, expected, found) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING
            """,
            (long)finding.Kind, finding.Subject, finding.Message, finding.Member?.ToString(), finding.NamesStore ? 1L : 0L, finding.Writer, finding.Evidence ?? "",
            time.GetUtcNow().ToUnixTimeMilliseconds(), finding.Expected, finding.Found);
        if (added > 0)
            Found(finding);
    }

    public bool IsAccepted(Finding finding) => database.Scalar(
        "SELECT 1 FROM findings WHERE kind=? AND subject=? AND evidence=? AND accepted=1", (long)finding.Kind, finding.Subject, finding.Evidence ?? "") is not null;

    /// <summary>All findings, oldest first, with the number by which a person accepts one.</summary>
    public List<ReportedFinding> All() => database.Query(
        "SELECT id, kind, subject, message, member, names_store, writer, evidence, first_seen, accepted, expected, found FROM findings ORDER BY id",
        reader => new ReportedFinding(
            reader.GetInt64(0),
            new Finding(
                (FindingKind)reader.GetInt64(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.IsDBNull(4) ? null : PublicId.Parse(reader.GetString(4)),
                reader.GetInt64(5) == 1,
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.GetString(7) is { Length: > 0 } evidence ? evidence : null,
                reader.IsDBNull(10) ? null : reader.GetString(10),
                reader.IsDBNull(11) ? null : reader.GetString(11)),
            DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(8)),
            reader.GetInt64(9) == 1));

    public void Clear() => database.Run("DELETE FROM findings");

    /// <summary>Accepts all findings of a kind, of which the reason has gone.</summary>
    public void AcceptAll(FindingKind kind) => database.Run("UPDATE findings SET accepted=1 WHERE kind=? AND accepted=0", (long)kind);

    /// <summary>Accepts one finding; false when there is none of this number.</summary>
    public bool Accept(long id) => database.Run("UPDATE findings SET accepted=1 WHERE id=?", id) > 0;
}
