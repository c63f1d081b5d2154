using Coffer.Vaults.Writers;

namespace Coffer.Vaults.Files;

/// <summary>A write of which everything is fixed but where its content goes.</summary>
/// <param name="Plan">Its record, without a content.</param>
/// <param name="Content">Its content.</param>
/// <param name="Progress">Told how many bytes of it are on the store.</param>
internal sealed record AcceptedWrite(PutPlan Plan, FileContent Content, IProgress<long>? Progress);
