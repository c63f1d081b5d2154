using Coffer.Vaults.Bodies;
using Coffer.Vaults.Commits;

namespace Coffer.Vaults.Files;

/// <summary>The content of a version, to be named by another one: its body with the objects that hold it, or the bytes themselves when a tail holds them.</summary>
internal sealed record LocatedContent(ReadOnlyMemory<byte>? Small, BodyDescriptor Body, IReadOnlyList<ObjectUse> Objects);
