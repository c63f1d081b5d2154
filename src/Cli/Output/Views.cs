namespace Coffer.Cli.Output;

// What the tool prints with --json, one record for each shape. The property names, in camelCase, are a promise to scripts.

/// <summary>An identity of this home. A locked one opens with its passphrase.</summary>
internal sealed record IdentityView(string Name, string PublicId, string Fingerprint, bool IsLocked);

/// <summary>A vault of this home. The identity is null for a public vault that is read without one.</summary>
internal sealed record VaultView(string Name, string Url, string Realm, string? Identity, string Creator, string VaultId);

/// <summary>An invitation, and what it says.</summary>
internal sealed record InvitationView(string Invitation, string Url, string Realm, string Creator, string VaultId);

/// <summary>A member. The name is that of an identity of this home, or null.</summary>
internal sealed record MemberView(string PublicId, string Fingerprint, string Access, bool IsMe, string? Name);

/// <summary>A change of access that was made.</summary>
internal sealed record AccessView(string PublicId, string Fingerprint, string Access);

/// <summary>A file, a link or a folder in a vault. Sizes are in bytes, times in UTC, <c>mode</c> is octal, and what is not known is null. What has a recipient is sealed to that person by its author.</summary>
internal sealed record EntryView(
    string Path, string Type, long? Size, DateTimeOffset? Modified, DateTimeOffset? Written, string? Author, string? Recipient, string? VersionId, string? Mode, string? Target, DateTimeOffset? Expires);

/// <summary>One version of a file. Number 1 is the oldest. The recipient is null unless it is sealed.</summary>
internal sealed record VersionView(
    int Number, string VersionId, bool IsDelete, bool IsExpired, long Size, DateTimeOffset Modified, DateTimeOffset Written, string Author, string? Recipient, DateTimeOffset? Expires);

/// <summary>What a put, get or remove did.</summary>
internal sealed record TransferView(
    long Files, long Links, long Folders, long Bytes, long Failed, double Seconds, IReadOnlyList<TransferFailure> Failures);

/// <summary>What was left out, and why.</summary>
internal sealed record TransferFailure(string Path, string Error);

/// <summary>How many files a removal hid.</summary>
internal sealed record RemovalView(long Files);

/// <summary>What a sync brought, and how many pending files it sent.</summary>
internal sealed record SyncView(int Blocks, int Commits, long PendingSent, int Findings);

/// <summary>What a round of housekeeping did. Why nothing was deleted is null when everything that may go went.</summary>
internal sealed record HousekeepingView(
    int Blocks, int Commits, long PendingSent, bool IndexRebuilt, int PacksMade, int CommitsPacked, int PacksMerged, int CommitsDeleted, int PacksDeleted, int JunkDeleted, int BodiesDeleted, long BytesFreed,
    string? NothingDeletedBecause, int Findings);

/// <summary>A block of the ledger.</summary>
internal sealed record BlockView(
    long Height, long Slot, string Hash, DateTimeOffset Time, string Author, string AuthorFingerprint, string? AuthorName, IReadOnlyList<string> Changes);

/// <summary>What this device knows of a vault. Findings are those that nobody accepted here; identity and public id are null for a public vault that is read without one.</summary>
internal sealed record StatusView(
    string Name, string VaultId, string Url, string Realm, string? Identity, string? PublicId, string Access, string Creator,
    long Files, long FileBytes, long Versions, long Commits, long Waiting, long Refused, long LooseCommits, long Packs, long PackBytes, long Blocks, long Epoch, int Members,
    long AllocatedBytes, long Objects, long Segments, double? RetentionSeconds, long? MaxSize, PendingView? Pending, DateTimeOffset? LastSync, DateTimeOffset? LastSign, RequestsView Requests, IReadOnlyList<FindingView> Findings);

/// <summary>Asynchronous and scheduled writes of this device: what is to be sent, and what was refused and waits for a person.</summary>
internal sealed record PendingView(long Files, long Bytes, long Refused, string? Error);

/// <summary>A file that is to be sent, or was refused; the files of one number go together. Not before is null for at once, and an error is that of the last attempt. The state is <c>waiting</c>, <c>sending</c>, <c>scheduled</c>, <c>housekeeping</c> or <c>refused</c>.</summary>
internal sealed record PendingFileView(
    long Id, string Path, string? Recipient, long Size, string State, DateTimeOffset Accepted, DateTimeOffset? NotBefore, int Attempts, string? Refusal, string? Error);

/// <summary>What this run asked of the store, by kind.</summary>
internal sealed record RequestsView(long Stat, long Read, long Put, long Delete, long List);

/// <summary>Something that is not as it must be.</summary>
internal sealed record FindingView(
    long Number, string Kind, string Subject, string Message, string? Member, bool NamesStore, DateTimeOffset FirstSeen, string? Writer, string? Expected, string? Found);

/// <summary>What a check of a whole vault found.</summary>
internal sealed record VerifyView(bool IsSound, bool IsDeep, long Blocks, long Commits, long Packs, long Objects, long BytesRead, IReadOnlyList<FindingView> Findings);

/// <summary>What a repair put back, and what it could not.</summary>
internal sealed record RepairView(int Blocks, int Commits, IReadOnlyList<FindingView> Left);

/// <summary>A writer that an admin may settle.</summary>
internal sealed record UnsettledView(string Writer, string Author, IReadOnlyList<ChainView> Chains);

/// <summary>One way in which a writer may count.</summary>
internal sealed record ChainView(string Hash, long Last, int Commits, DateTimeOffset? Newest, IReadOnlyList<RangeView> Lost);

/// <summary>Numbers of commits, both included.</summary>
internal sealed record RangeView(long First, long Last);

/// <summary>What a check of a store found. Speeds are in bytes a second and null when nothing could be put.</summary>
internal sealed record StoreCheckView(
    string Store, bool CanHoldVault, IReadOnlyList<TrialView> Trials, double? RoundTripSeconds, long Size, double? PutBytesPerSecond, double? GetBytesPerSecond);

/// <summary>One trial: its result is <c>works</c>, <c>missing</c> or <c>fails</c>; the meaning says what that means for a vault, and is null when it works.</summary>
internal sealed record TrialView(string Name, string Result, bool IsNeeded, string Note, string? Meaning);

/// <summary>What a copy of a store did. Bytes are those of copied and replaced objects; same is how many were there already.</summary>
internal sealed record StoreCopyView(long Copied, long Replaced, long Same, long Bytes, long Failed, double Seconds, IReadOnlyList<TransferFailure> Failures);
