using Coffer.Vaults.Commits;
using Coffer.Vaults.Encoding;

namespace Coffer.Fuzzing.Targets;

/// <summary>The plain headers of commits.</summary>
internal sealed class CommitHeaderTarget : FuzzTarget
{
    public override string Name => "headers";

    public override IEnumerable<byte[]> Seeds(SeedWorld world) => world.Commits.Select(static commit => commit[..CommitHeader.Size]);

    public override bool Read(byte[] input) => Same(input, CommitHeader.Parse(input).ToArray());

    public override bool IsDocumented(Exception fault) => fault is WireException;
}
