using Coffer.Vaults.Bodies;

namespace Coffer.Vaults.Commits;

/// <summary>An object in <c>data/</c> that a commit's records use, and its size in bytes.</summary>
internal sealed record ObjectUse(ObjectName Name, long Size);
