using Coffer.Vaults.Databases;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Index;
using Coffer.Vaults.State;
using Coffer.Vaults.Tests.Ledger;
using Xunit;

namespace Coffer.Vaults.Tests.Index;

public sealed class LocalDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coffer-database-").FullName;
    private readonly LocalPaths _paths;

    public LocalDatabaseTests() => _paths = new LocalPaths(Path.Combine(_folder, "deeper", "team.db"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private LocalDatabase Open() => LocalDatabase.Open(_paths);

    [Fact]
    public void Both_files_are_made_and_nobody_else_may_read_them()
    {
        using var database = Open();
        Assert.Equal(Path.Combine(_folder, "deeper", "team.state.db"), _paths.State);
        Assert.True(File.Exists(_paths.State));
        Assert.True(File.Exists(_paths.Index(1)));
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_paths.State));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_paths.Index(1)));
    }

    [Fact]
    public void What_was_written_is_there_when_it_is_opened_again()
    {
        using (var database = Open())
        {
            new MetaTable(database).Realm = "users";
            new StatusTable(database).JudgedHeight = 5;
        }
        using var again = Open();
        Assert.Equal("users", new MetaTable(again).Realm);
        Assert.Equal(5, new StatusTable(again).JudgedHeight);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("idx")]
    public void A_file_of_newer_software_is_refused_and_left_as_it_is(string schema)
    {
        using (var database = Open())
            database.Execute($"PRAGMA {schema}.user_version=99");
        var fault = Assert.Throws<NewerSoftwareException>(Open);
        Assert.Contains(schema == "main" ? _paths.State : _paths.Index(1), fault.Message, StringComparison.Ordinal);
        Assert.Contains("99", fault.Message, StringComparison.Ordinal);
        Assert.Throws<NewerSoftwareException>(Open);
    }

    [Fact]
    public void A_state_that_is_not_made_as_its_version_says_is_called_damaged()
    {
        using (var database = Open())
            database.Execute("PRAGMA main.user_version=1");
        var fault = Assert.Throws<VaultException>(Open);
        Assert.Contains("is damaged", fault.Message, StringComparison.Ordinal);
        Assert.Contains("backup", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_is_not_made_as_its_version_says_makes_room_for_an_empty_one()
    {
        using (var database = Open())
            database.Execute("PRAGMA idx.user_version=0");
        using var again = Open();
        Assert.NotNull(again.Loss);
        Assert.Equal(0L, again.Scalar("SELECT COUNT(*) FROM commits"));
    }

    [Fact]
    public void A_state_of_version_1_gets_the_queue_and_keeps_everything()
    {
        using (var database = Open())
        {
            new MetaTable(database).Realm = "users";
            new OwnWriterTable(database).Add(new OwnWriterTable.OwnWriter(7, 3));
            new PinTable(database).Set(new Vaults.Commits.CommitLink(People.Alice.Public, 5, 6, Digest.Zero), fallBack: false);
            // As version 1 was.
            database.Execute("DROP TABLE main.pending; DROP TABLE main.pending_files; DROP TABLE main.pending_totals; ALTER TABLE main.findings DROP COLUMN expected; ALTER TABLE main.findings DROP COLUMN found; PRAGMA main.user_version=1");
        }
        using var again = Open();
        using var beside = Open();
        Assert.Equal(3L, again.Scalar("PRAGMA main.user_version"));
        Assert.Equal("users", new MetaTable(again).Realm);
        Assert.Equal([new OwnWriterTable.OwnWriter(7, 3)], new OwnWriterTable(again).Usable());
        Assert.Equal(1L, again.Scalar("SELECT COUNT(*) FROM pins"));
        Assert.Equal((0, 0), new PendingTable(beside).Totals());
        Assert.False(new PendingTable(again).AnyOpen);
    }

    [Fact]
    public void An_index_of_older_software_makes_room_for_an_empty_one_and_the_state_stays()
    {
        using (var database = Open())
        {
            new MetaTable(database).Realm = "users";
            new StatusTable(database).JudgedHeight = 5;
            database.Execute("PRAGMA idx.user_version=1");
        }
        using var again = Open();
        using var beside = Open();
        Assert.Equal((2, 2), (again.Generation, beside.Generation));
        Assert.Equal("users", new MetaTable(again).Realm);
        Assert.Equal(0, new StatusTable(again).JudgedHeight);
        Assert.False(File.Exists(_paths.Index(1)));
    }

    [Fact]
    public void A_damaged_state_is_refused_with_what_to_do()
    {
        Open().Dispose();
        File.WriteAllBytes(_paths.State, [.. Enumerable.Repeat((byte)7, 8192)]);
        var fault = Assert.Throws<VaultException>(Open);
        Assert.Contains("damaged", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_paths.State, fault.Message, StringComparison.Ordinal);
        Assert.Contains("as a new device", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_index_makes_room_for_an_empty_one_and_the_state_stays()
    {
        using (var database = Open())
        {
            new MetaTable(database).Realm = "users";
            new StatusTable(database).JudgedHeight = 5;
        }
        File.WriteAllBytes(_paths.Index(1), [.. Enumerable.Repeat((byte)7, 8192)]);
        using var again = Open();
        Assert.Equal(2, again.Generation);
        Assert.Equal("users", new MetaTable(again).Realm);
        Assert.Equal(0, new StatusTable(again).JudgedHeight);
        Assert.Contains(_paths.Index(1), again.Loss!.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_paths.Index(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_index_that_is_found_damaged_in_use_makes_room_at_once_and_others_follow(bool inTransaction)
    {
        var status = "";
        using (var database = Open())
            status = new StatusTable(database).Name(SystemRandom.Instance);
        var root = RootPageOf("status");
        using var first = Open();
        using var second = Open();
        using (var file = File.OpenWrite(_paths.Index(1)))
        {
            file.Position = (root - 1) * 4096;
            file.Write(new byte[4096]);
        }
        var lost = 0;
        first.IndexLost = () => lost++;
        Assert.Throws<IndexDamagedException>(() =>
        {
            if (inTransaction)
                first.Write(() => new StatusTable(first).JudgedHeight = 6);
            else
                _ = new StatusTable(first).JudgedHeight;
        });
        Assert.Equal((1, 2), (lost, first.Generation));
        new StatusTable(first).JudgedHeight = 7;
        Assert.NotEqual(status, new StatusTable(first).Name(SystemRandom.Instance));
        Assert.True(second.FollowGeneration());
        Assert.Equal(7, new StatusTable(second).JudgedHeight);
    }

    private long RootPageOf(string table)
    {
        using var database = Open();
        return (long)database.Scalar("SELECT rootpage FROM idx.sqlite_master WHERE name=?", table)!;
    }

    [Fact]
    public void An_index_that_was_deleted_comes_back_empty_and_the_state_stays()
    {
        using (var database = Open())
        {
            new MetaTable(database).Realm = "users";
            new StatusTable(database).JudgedHeight = 5;
        }
        _paths.DeleteIndex(1);
        using var again = Open();
        Assert.Equal("users", new MetaTable(again).Realm);
        Assert.Equal(0, new StatusTable(again).JudgedHeight);
    }

    [Fact]
    public void Another_connection_goes_over_to_a_new_generation_and_back_to_none()
    {
        using var first = Open();
        new StatusTable(first).JudgedHeight = 5;
        Assert.False(first.FollowGeneration());
        using (var next = LocalDatabase.OpenNextGeneration(_paths))
        {
            Assert.Equal(2, next.Generation);
            Assert.Equal(0, new StatusTable(next).JudgedHeight);
            new StatusTable(next).JudgedHeight = 6;
            Assert.False(first.FollowGeneration());
            next.Adopt();
        }
        Assert.Equal(5, new StatusTable(first).JudgedHeight);
        Assert.True(first.FollowGeneration());
        Assert.Equal(2, first.Generation);
        Assert.Equal(6, new StatusTable(first).JudgedHeight);
        Assert.False(first.FollowGeneration());
        Assert.False(File.Exists(_paths.Index(1)));
        using var third = Open();
        Assert.Equal(2, third.Generation);
    }

    [Fact]
    public void A_rebuild_that_was_cut_off_leaves_the_old_index_and_the_next_one_starts_over()
    {
        using var first = Open();
        using (var next = LocalDatabase.OpenNextGeneration(_paths))
            new StatusTable(next).JudgedHeight = 6;
        Assert.False(first.FollowGeneration());
        using var again = LocalDatabase.OpenNextGeneration(_paths);
        Assert.Equal((2, 0), (again.Generation, new StatusTable(again).JudgedHeight));
    }

    [Fact]
    public void A_transaction_that_throws_leaves_nothing_in_either_file_and_says_so()
    {
        using var database = Open();
        var rolledBack = 0;
        database.Forgotten = () => rolledBack++;
        Assert.Throws<InvalidOperationException>(() => database.Write(() =>
        {
            new MetaTable(database).Realm = "users";
            database.Write(() => new StatusTable(database).JudgedHeight = 5);
            throw new InvalidOperationException();
        }));
        Assert.Equal(1, rolledBack);
        Assert.Null(new MetaTable(database).Realm);
        Assert.Equal(0, new StatusTable(database).JudgedHeight);
    }

    [Fact]
    public void A_statement_gets_as_many_values_as_it_asks_for()
    {
        using var database = Open();
        Assert.Throws<ArgumentException>(() => database.Scalar("SELECT ?"));
        Assert.Throws<ArgumentException>(() => database.Scalar("SELECT ?", 1L, 2L));
        Assert.Equal(3L, database.Scalar("SELECT ?+?", 1L, 2L));
        Assert.Null(database.Scalar("SELECT ?", [null]));
    }
}
