using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Coffer.Cli.Output;

/// <summary>The shapes of <c>--json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IdentityView))]
[JsonSerializable(typeof(IReadOnlyList<IdentityView>))]
[JsonSerializable(typeof(VaultView))]
[JsonSerializable(typeof(IReadOnlyList<VaultView>))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(IReadOnlyList<MemberView>))]
[JsonSerializable(typeof(AccessView))]
[JsonSerializable(typeof(EntryView))]
[JsonSerializable(typeof(IReadOnlyList<VersionView>))]
[JsonSerializable(typeof(TransferView))]
[JsonSerializable(typeof(RemovalView))]
[JsonSerializable(typeof(SyncView))]
[JsonSerializable(typeof(HousekeepingView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(RepairView))]
[JsonSerializable(typeof(IReadOnlyList<FindingView>))]
[JsonSerializable(typeof(IReadOnlyList<UnsettledView>))]
[JsonSerializable(typeof(IReadOnlyList<BlockView>))]
[JsonSerializable(typeof(IReadOnlyList<PendingFileView>))]
[JsonSerializable(typeof(StoreCheckView))]
[JsonSerializable(typeof(StoreCopyView))]
internal sealed partial class ViewJson : JsonSerializerContext
{
    /// <summary>For a person too: over several lines.</summary>
    public static ViewJson Readable { get; } = new(OptionsOf(isIndented: true));

    /// <summary>Each in one line.</summary>
    public static ViewJson Compact { get; } = new(OptionsOf(isIndented: false));

    /// <summary>Names in other scripts stay readable; control characters are escaped all the same.</summary>
    private static JsonSerializerOptions OptionsOf(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = isIndented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
