using System.Globalization;

namespace Coffer.Vaults.Databases;

/// <summary>The tables of both files. The state is migrated from version to version; an index of older software is simply built anew.</summary>
internal static class Schema
{
    private const long StateVersion = 3;
    private const long IndexVersion = 7;

    /// <summary>Makes the tables of a state that has none, once <paramref name="begin"/> has prepared for a new one. Another process may be at it at the same time.</summary>
    public static void EnsureState(LocalDatabase database, string path, Action begin)
    {
        if (Version(database, "main") == 0)
        {
            database.Write(() =>
            {
                if (Version(database, "main") != 0)
                    return;
                begin();
                database.Execute(FirstState);
            });
        }
        if (Version(database, "main") == 1)
        {
            database.Write(() =>
            {
                if (Version(database, "main") == 1)
                    database.Execute(PendingWrites);
            });
        }
        if (Version(database, "main") == 2)
        {
            database.Write(() =>
            {
                if (Version(database, "main") == 2)
                    database.Execute(EvidenceOfFindings);
            });
        }
        if (Version(database, "main") is var version && version != StateVersion)
            throw new NewerSoftwareException($"'{path}' was written by newer software (version {version}, and this one knows {StateVersion}).");
    }

    /// <summary>Whether the index is one of older software, which had less in it than is needed now.</summary>
    public static bool IsOlderIndex(LocalDatabase database) => Version(database, "idx") is > 0 and < IndexVersion;

    public static void EnsureIndex(LocalDatabase database, string path)
    {
        if (Version(database, "idx") == 0)
        {
            database.Write(() =>
            {
                if (Version(database, "idx") == 0)
                    database.Execute(Index);
            });
        }
        if (Version(database, "idx") is var version && version != IndexVersion)
            throw new NewerSoftwareException($"'{path}' was written by other software (version {version}). Delete it: an index comes back from the store by itself.");
    }

    private static long Version(LocalDatabase database, string schema) =>
        Convert.ToInt64(database.Scalar($"PRAGMA {schema}.user_version"), CultureInfo.InvariantCulture);

    private const string FirstState = """
        CREATE TABLE main.meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE main.blocks(slot INTEGER PRIMARY KEY, height INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE main.own_writers(id BLOB PRIMARY KEY, since_height INTEGER NOT NULL, retired INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE main.own_commits(writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, deadline INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY(writer, number));
        CREATE TABLE main.pins(author BLOB NOT NULL, writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(author, writer)) WITHOUT ROWID;
        CREATE TABLE main.findings(id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, subject TEXT NOT NULL, message TEXT NOT NULL, member TEXT,
            names_store INTEGER NOT NULL, writer TEXT, evidence TEXT NOT NULL, first_seen INTEGER NOT NULL, accepted INTEGER NOT NULL DEFAULT 0,
            UNIQUE(kind, subject, evidence));
        CREATE TABLE main.rewritten(place BLOB PRIMARY KEY) WITHOUT ROWID;
        PRAGMA main.user_version=1;
        """;

    /// <summary>From version 1 to 2: writes that were accepted and are to be sent.</summary>
    private const string PendingWrites = """
        CREATE TABLE main.pending(id INTEGER PRIMARY KEY AUTOINCREMENT, accepted INTEGER NOT NULL, not_before INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
            refused INTEGER NOT NULL DEFAULT 0, error TEXT, spool TEXT, sent_writer BLOB, sent_number INTEGER);
        CREATE INDEX main.pending_open ON pending(attempts, id) WHERE refused=0;
        CREATE TABLE main.pending_files(id INTEGER PRIMARY KEY, pending INTEGER NOT NULL, record BLOB NOT NULL UNIQUE, path TEXT NOT NULL, recipient TEXT, modified INTEGER NOT NULL,
            attributes BLOB NOT NULL, content_end INTEGER NOT NULL, size INTEGER NOT NULL, content BLOB, body BLOB);
        CREATE INDEX main.pending_files_path ON pending_files(path, pending);
        CREATE INDEX main.pending_files_of ON pending_files(pending, size);
        CREATE TABLE main.pending_totals(files INTEGER NOT NULL, bytes INTEGER NOT NULL);
        INSERT INTO main.pending_totals(files, bytes) VALUES(0, 0);
        CREATE TRIGGER main.pending_files_added AFTER INSERT ON pending_files BEGIN UPDATE pending_totals SET files=files+1, bytes=bytes+new.size; END;
        CREATE TRIGGER main.pending_files_removed AFTER DELETE ON pending_files BEGIN UPDATE pending_totals SET files=files-1, bytes=bytes-old.size; END;
        PRAGMA main.user_version=2;
        """;

    /// <summary>From version 2 to 3: what was expected where something was found, and what was there instead.</summary>
    private const string EvidenceOfFindings = """
        ALTER TABLE main.findings ADD COLUMN expected TEXT;
        ALTER TABLE main.findings ADD COLUMN found TEXT;
        PRAGMA main.user_version=3;
        """;

    private const string Index = """
        CREATE TABLE idx.status(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
        CREATE TABLE idx.epoch_keys(epoch INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
        CREATE TABLE idx.authors(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL UNIQUE);
        CREATE TABLE idx.commits(id INTEGER PRIMARY KEY, author INTEGER NOT NULL, writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL,
            clock INTEGER NOT NULL, height INTEGER NOT NULL, ledger_hash BLOB NOT NULL, epoch INTEGER NOT NULL, ends INTEGER NOT NULL, tail_offset INTEGER NOT NULL, tail_ends INTEGER NOT NULL,
            attributes_only INTEGER NOT NULL, verdict INTEGER NOT NULL, reason INTEGER NOT NULL, UNIQUE(author, writer, number, hash));
        CREATE INDEX idx.commits_name ON commits(writer, number);
        CREATE INDEX idx.commits_unsettled ON commits(verdict) WHERE verdict<>1;
        CREATE TABLE idx.lines(author INTEGER NOT NULL, writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, clock INTEGER NOT NULL, height INTEGER NOT NULL,
            began INTEGER NOT NULL, plain INTEGER NOT NULL, PRIMARY KEY(author, writer)) WITHOUT ROWID;
        CREATE TABLE idx.records(id INTEGER PRIMARY KEY, commit_id INTEGER NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL, space INTEGER, path TEXT, seal BLOB NOT NULL,
            author INTEGER NOT NULL, record BLOB NOT NULL, place BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, attributes BLOB, content_end INTEGER NOT NULL,
            record_end INTEGER NOT NULL, body BLOB, counts INTEGER NOT NULL DEFAULT 0, UNIQUE(commit_id, position));
        CREATE INDEX idx.records_path ON records(space, path, seal, place, record_end);
        CREATE INDEX idx.records_record ON records(record);
        CREATE INDEX idx.records_end ON records(record_end) WHERE record_end<>0;
        CREATE TABLE idx.files(space INTEGER NOT NULL, path TEXT NOT NULL, seal BLOB NOT NULL, record_id INTEGER NOT NULL, PRIMARY KEY(space, path, seal)) WITHOUT ROWID;
        CREATE TABLE idx.changes(position INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, record_id INTEGER NOT NULL);
        CREATE TABLE idx.numberings(first INTEGER PRIMARY KEY, name TEXT NOT NULL);
        CREATE INDEX idx.changes_record ON changes(record_id);
        CREATE TABLE idx.objects(segment INTEGER NOT NULL, id BLOB NOT NULL, commit_id INTEGER NOT NULL, size INTEGER NOT NULL, ends INTEGER NOT NULL,
            PRIMARY KEY(segment, id, commit_id)) WITHOUT ROWID;
        CREATE INDEX idx.objects_ends ON objects(ends) WHERE ends<>0;
        CREATE TABLE idx.unopened(writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, epoch INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(writer, number)) WITHOUT ROWID;
        CREATE TABLE idx.unreported(author BLOB NOT NULL, writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY(author, writer, number, hash)) WITHOUT ROWID;
        CREATE TABLE idx.vouched(author BLOB NOT NULL, writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, voucher TEXT NOT NULL, height INTEGER NOT NULL, missed INTEGER,
            PRIMARY KEY(author, writer, number, hash)) WITHOUT ROWID;
        CREATE INDEX idx.vouched_name ON vouched(writer, number);
        CREATE TABLE idx.packs(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, heads INTEGER NOT NULL, verified INTEGER NOT NULL DEFAULT 0,
            lacks INTEGER NOT NULL);
        CREATE TABLE idx.packed(writer BLOB NOT NULL, number INTEGER NOT NULL, pack INTEGER NOT NULL, hash BLOB NOT NULL, form INTEGER NOT NULL, tail_offset INTEGER NOT NULL,
            tail_length INTEGER NOT NULL, PRIMARY KEY(writer, number, pack)) WITHOUT ROWID;
        CREATE INDEX idx.packed_pack ON packed(pack);
        CREATE TABLE idx.stubs(writer BLOB NOT NULL, number INTEGER NOT NULL, hash BLOB NOT NULL, header BLOB NOT NULL, PRIMARY KEY(writer, number, hash)) WITHOUT ROWID;
        PRAGMA idx.user_version=7;
        """;
}
