using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;
using Coffer.Vaults.Ledger;
using Coffer.Vaults.Packs;
using Coffer.Vaults.Tests.Scenarios;
using Xunit;
using static Coffer.Vaults.Tests.Scenarios.TextFiles;

namespace Coffer.Vaults.Tests.Attacks;

/// <summary>Each byte of what is signed is changed once, and what comes of it is never taken for what was signed.</summary>
public sealed class Every_byte : IAsyncDisposable
{
    private readonly Team _team = new();

    [Fact]
    public async Task Of_a_block_counts()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        await alice.RotateKeyAsync();
        var chain = LedgerChain.Begin(new LedgerTrust(_team.Alice.Public, "users"), Ed25519Checker.Instance);
        foreach (var (index, key) in (await _team.Store.KeysAsync("users/ledger/")).Index())
        {
            var block = await _team.Store.GetAsync(key);
            ChangeEach(block, changed => chain.Judge(index + 1, changed) is Judgement.Accepted);
            chain = chain.Accept(Assert.IsType<Judgement.Accepted>(chain.Judge(index + 1, block)));
        }
        Assert.Equal(3, chain.Height);
    }

    [Fact]
    public async Task Of_a_commit_counts()
    {
        var alice = await _team.CreateAsync();
        await alice.SetAccessAsync(_team.Bob.Public, AccessLevel.Write);
        await alice.WriteAsync("tail", Bytes(300));
        using var forger = await Forger.BeginAsync(_team, _team.Bob);
        var bytes = await _team.Store.GetAsync(Assert.Single(await _team.Store.KeysAsync("users/commits/")));
        var commit = forger.Open(bytes)!;
        Assert.True(commit.Header.TailLength > 300);
        ChangeEach(bytes, changed =>
        {
            try
            {
                // Its size is held against its header before it is opened.
                if (CommitHeader.Parse(changed.AsSpan(0, CommitHeader.Size)) is var header && header.TailOffset + header.TailLength != changed.Length)
                    return false;
                return forger.Open(changed) is { } opened && TailCheck.IsWhole(opened, changed.AsSpan((int)opened.Header.TailOffset), 0);
            }
            catch (WireException)
            {
                return false;
            }
        });
    }

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    /// <summary>What was honest is taken; then each byte is changed, and none of that may be.</summary>
    private static void ChangeEach(byte[] bytes, Func<byte[], bool> isTaken)
    {
        Assert.True(isTaken(bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x41;
            Assert.False(isTaken(bytes), $"byte {i} of {bytes.Length}");
            bytes[i] ^= 0x41;
        }
    }
}
