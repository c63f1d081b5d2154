using Dice = Coffer.Testing.SeededRandom;

namespace Coffer.Vaults.Tests.Crashes;

/// <summary>Somebody who writes, one operation after the other, into units that nobody else writes.</summary>
/// <param name="Vault">The vault.</param>
/// <param name="Folder">Where the units are.</param>
/// <param name="FirstNumber">The number of the first operation.</param>
/// <param name="LargestSingle">The largest size of a file that is written alone, in bytes.</param>
/// <param name="Begin">Told of each operation before it begins.</param>
/// <param name="Done">Told of each that was acknowledged.</param>
internal sealed record Workload(Vault Vault, string Folder, int FirstNumber, int LargestSingle, Action<Operation> Begin, Action<int> Done)
{
    /// <summary>So many numbers are one workload's own; with the last of them it ends.</summary>
    public const int Operations = 1_000;

    private const int LargestOfBatch = 20_000;

    /// <summary>A large local file that is put now and then; null when there is none.</summary>
    public LocalSource? Source { get; init; }

    /// <summary>Whether some of the writes are only accepted when they are acknowledged.</summary>
    public bool Queues { get; init; }

    /// <summary>How long to rest after each operation.</summary>
    public TimeSpan Pause { get; init; }

    public async Task RunAsync(Dice random, Func<bool> goesOn)
    {
        for (var number = FirstNumber; number < FirstNumber + Operations && goesOn(); number++)
        {
            if (Source is not null && random.Chance(0.05))
            {
                await PutAsync(new Operation(number, $"{Folder}/large", [LocalSource.Length]) { Seed = Source.Seed, IsQueued = random.Chance(0.25) });
                continue;
            }
            var isFolder = random.Chance(0.25);
            var unit = isFolder ? $"{Folder}/batch{random.Next(2)}/" : $"{Folder}/{random.Next(6)}";
            var paths = Operation.PathsOf(unit);
            var isDelete = random.Chance(0.2) && await Vault.StatAsync(paths[0]) is not null;
            var operation = new Operation(number, unit, isDelete ? [] : [.. paths.Select(_ => isFolder ? random.Next(LargestOfBatch) : SizeOfSingle(random))]) { IsQueued = Queues && !isDelete && random.Chance(0.35) };
            Begin(operation);
            if (isDelete)
                await Vault.DeleteManyAsync(paths);
            else if (isFolder)
                await Vault.WriteManyAsync(operation.Writes());
            else
                await WriteAsync(operation.Writes()[0]);
            Done(number);
            await Task.Delay(Pause);
        }
    }

    private async Task PutAsync(Operation operation)
    {
        Begin(operation);
        await Vault.WriteAsync(operation.Unit, FileContent.FromFile(Source!.Path), operation.Options);
        Done(operation.Number);
    }

    private Task WriteAsync(FileWrite write) => Vault.WriteAsync(write.Path, write.Content, write.Options);

    /// <summary>Empty, in the tail, in an object of its own, and now and then in several pieces.</summary>
    private int SizeOfSingle(Dice random) => Math.Min(LargestSingle, random.Next(100) switch
    {
        < 10 => 0,
        < 55 => 1 + random.Next(4096),
        < 80 => 4097 + random.Next(100_000),
        < 98 => 100_000 + random.Next(1 << 20),
        _ => (16 << 20) + 1 + random.Next(1 << 20),
    });
}
