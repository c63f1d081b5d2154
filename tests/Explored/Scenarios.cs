using Coffer.Vaults;

namespace Coffer.Explored;

/// <summary>What a few threads do with one <see cref="Vault"/> object at the same time. Each is run from the beginning in every execution.</summary>
public static class Scenarios
{
    public static async Task One_write_after_the_other_from_two_threads()
    {
        await using var place = new Place();
        await using (var vault = await place.CreateAsync(looks: false))
        {
            async Task WriteAsync(string folder)
            {
                for (var i = 1; i <= 3; i++)
                    await place.WriteAsync(vault, $"{folder}/{i}");
            }
            await Place.TogetherAsync(() => WriteAsync("a"), () => WriteAsync("b"));
            await place.CheckAsync(vault);
        }
    }

    public static async Task Writes_syncs_and_reads()
    {
        await using var place = new Place();
        await using (var vault = await place.CreateAsync())
        {
            async Task UseAsync(string path)
            {
                await place.WriteAsync(vault, path);
                Place.Require((await vault.StatAsync(path))?.Size == 100, $"'{path}' is shown once it was acknowledged");
                await vault.SyncAsync();
                Place.Require((await vault.ReadBytesAsync(path)).Length == 100, $"'{path}' is read back");
            }
            await Place.TogetherAsync(() => UseAsync("a"), () => UseAsync("b"), () => UseAsync("c"));
            await place.CheckAsync(vault);
        }
    }

    public static async Task Single_writes_batches_and_deletes_that_share_commits()
    {
        await using var place = new Place();
        await using (var vault = await place.CreateAsync())
        {
            await place.WriteAsync(vault, "old");
            await Place.TogetherAsync(
                () => place.WriteAsync(vault, "a"),
                () => place.WriteAsync(vault, "large", 100_000),
                async () =>
                {
                    await vault.WriteManyAsync([new FileWrite("batch/1", Place.Content("batch/1", 10)), new FileWrite("batch/2", Place.Content("batch/2", 20))]);
                    place.Note("batch/1", 10);
                    place.Note("batch/2", 20);
                },
                async () =>
                {
                    await vault.DeleteAsync("old");
                    place.NoteDeleted("old");
                });
            await place.CheckAsync(vault);
        }
    }

    public static async Task Queued_writes_that_are_sent_waited_for_and_given_up()
    {
        await using var place = new Place();
        var index = place.NewIndex();
        var later = new WriteOptions { Mode = WriteMode.Async };
        await using (var vault = await place.CreateAsync(index))
        {
            async Task QueueAsync(string path)
            {
                await vault.WriteAsync(path, Place.Content(path, 50), later);
                place.Note(path, 50);
            }
            async Task WaitAsync()
            {
                await QueueAsync("waited for");
                await vault.WaitFilesAsync();
                Place.Require(await vault.StatAsync("waited for") is not null, "what was waited for is there");
            }
            async Task GiveUpAsync()
            {
                using var given = new CancellationTokenSource();
                var waiting = vault.WaitFilesAsync(cancellationToken: given.Token);
                await given.CancelAsync();
                try
                {
                    await waiting;
                }
                catch (OperationCanceledException)
                {
                    // It was asked for.
                }
            }
            await Place.TogetherAsync(() => QueueAsync("a"), () => QueueAsync("b"), WaitAsync, GiveUpAsync);
        }
        await using (var again = await place.OpenAsync(place.Alice, index))
        {
            await again.WaitFilesAsync();
            await place.CheckAsync(again);
        }
    }

    public static async Task Housekeeping_beside_writes_and_reads()
    {
        await using var place = new Place();
        await using (var vault = await place.CreateAsync())
        {
            await place.WriteAsync(vault, "before");
            await Place.TogetherAsync(
                () => place.WriteAsync(vault, "beside"),
                () => vault.HousekeepAsync(new HousekeepOptions { Bodies = true }),
                () => vault.SetAttributesAsync("before", new byte[] { 1 }),
                async () => Place.Require(await vault.StatAsync("before") is not null, "what was there before is there"));
            await place.CheckAsync(vault);
        }
    }

    public static async Task Changes_of_access_and_key_beside_the_writes_of_two_members()
    {
        await using var place = new Place();
        await using (var alice = await place.CreateAsync())
        await using (var bob = await place.OpenAsync(place.Bob))
        {
            await Place.TogetherAsync(
                () => place.WriteAsync(alice, "alice"),
                () => place.WriteAsync(bob, "bob"),
                () => alice.RotateKeyAsync(),
                async () =>
                {
                    await bob.SetMyAttributeAsync("name", new byte[] { 1 });
                    Place.Require((await bob.GetMemberAttributesAsync(place.Bob.Public)).Count == 1, "an attribute is there once it was acknowledged");
                });
            await place.CheckAsync(alice);
            await place.CheckAsync(bob);
        }
    }

    public static async Task A_vault_that_is_closed_while_it_is_used()
    {
        await using var place = new Place();
        var index = place.NewIndex();
        var vault = await place.CreateAsync(index);
        async Task UseAsync(Func<Task> what)
        {
            try
            {
                await what();
            }
            catch (ObjectDisposedException)
            {
                // Too late.
            }
        }
        await Place.TogetherAsync(
            () => UseAsync(() => place.WriteAsync(vault, "a")),
            () => UseAsync(() => vault.SyncAsync()),
            () => UseAsync(async () => await vault.StatAsync("a")),
            async () => await vault.DisposeAsync());
        await using var again = await place.OpenAsync(place.Alice, index);
        if (await again.StatAsync("a") is not null)
            place.Note("a", 100);
        await place.CheckAsync(again);
    }
}
