using System.Security.Cryptography;
using System.Text;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>All that one device shows, as lines of text: what it must have in common with every other one, and of each sealed file what only those two can see.</summary>
internal sealed class Dump
{
    private readonly List<string> _lines = [];
    private readonly SortedDictionary<string, List<string>> _sealed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IReadOnlyList<FileVersion>> _versions = new(StringComparer.Ordinal);

    /// <summary>The versions of each file that the person may see, oldest first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FileVersion>> Versions => _versions;

    /// <summary>Reads everything; null when something cannot be read, which is a violation on a quiet store.</summary>
    public static async Task<Dump?> OfAsync(Device device, SimWorld world)
    {
        var dump = new Dump();
        var result = await device.CallAsync("read everything", async vault =>
        {
            await dump.ReadAsync(device, vault, world);
            return dump;
        }, whole => $"{whole.All.Count()} lines, #{Digest(Encoding.UTF8.GetBytes(string.Join('\n', whole.All)))}");
        if (!result.Succeeded)
            world.Context.Violation($"{device.Name} cannot read everything on a quiet store: {AllowedErrors.Trace(result.Error!)}");
        return result.Value;
    }

    /// <summary>The first difference to another device, in what both may see, as a person would want to read it; null when there is none.</summary>
    public string? DifferenceTo(Dump other) => Difference(_lines, other._lines)
        ?? _sealed.Where(file => other._sealed.ContainsKey(file.Key)).Select(file => Difference(file.Value, other._sealed[file.Key])).FirstOrDefault(difference => difference is not null);

    private IEnumerable<string> All => _lines.Concat(_sealed.Values.SelectMany(static lines => lines));

    private static string? Difference(List<string> left, List<string> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var (mine, theirs) = (left.ElementAtOrDefault(i) ?? "nothing", right.ElementAtOrDefault(i) ?? "nothing");
            if (mine != theirs)
                return $"[{mine}] against [{theirs}]";
        }
        return null;
    }

    public static string Show(IReadOnlyList<Member> members) =>
        string.Join(", ", members.OrderBy(member => member.Id.ToString(), StringComparer.Ordinal).Select(member => $"{member.Id.ToString()[..8]} {member.Access}"));

    public static string Show(IReadOnlyList<LedgerEntry> entries) => string.Join(", ", entries.Select(Show));

    public static string Show(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> attributes) => string.Join(", ", attributes
        .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
        .Select(attribute => $"{attribute.Key} = {Encoding.UTF8.GetString(attribute.Value.Span)}"));

    private static string Show(LedgerEntry entry) =>
        $"block {entry.Height} in slot {entry.Slot} {entry.Hash[..8]} by {entry.Author.ToString()[..8]}: {string.Join("; ", entry.Changes)}";

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

    private async Task ReadAsync(Device device, Vault vault, SimWorld world)
    {
        _lines.Add($"vault {vault.Id} {vault.Settings}");
        _lines.AddRange((await vault.GetLedgerAsync()).Select(Show));
        _lines.Add(Show(await vault.GetMembersAsync()));
        foreach (var person in world.People)
            _lines.Add($"{person.Name}: {Show(await vault.GetMemberAttributesAsync(person.Id))}");
        foreach (var entry in await Collect.AllAsync(vault.ListAsync("", new ListFilesOptions { Recursive = true })))
            LinesOf(FileName.Of(entry.File!), entry.File!.Seal).Add($"listed {TeamModel.Show(entry.File!)}");
        foreach (var name in world.Model.Names)
            await ReadAsync(device, vault, world, name);
    }

    private List<string> LinesOf(string name, FileSeal? seal)
    {
        if (seal is null)
            return _lines;
        if (!_sealed.TryGetValue(name, out var lines))
            _sealed.Add(name, lines = []);
        return lines;
    }

    private async Task ReadAsync(Device device, Vault vault, SimWorld world, string name)
    {
        var (path, seal) = world.Model.FileOf(name);
        var versions = await vault.GetVersionsAsync(path, seal);
        var newest = await vault.StatAsync(path, seal);
        if (!FileName.IsFor(seal, device.Person))
        {
            if (versions.Count > 0 || newest is not null)
                world.Context.Violation($"{device.Name} shows '{name}', which is sealed between others");
            return;
        }
        var lines = LinesOf(name, seal);
        _versions.Add(name, versions);
        lines.Add($"'{name}' is {newest?.Id ?? "nothing"}");
        foreach (var version in versions)
        {
            lines.Add($"version {TeamModel.Show(version)} modified {version.Modified:O} expires {version.Expires:O} {version.IsExpired}");
            world.Model.Observe(device, version);
            if (version.IsDelete || version.IsExpired)
                continue;
            var bytes = await vault.ReadBytesAsync(path, new ReadFileOptions { VersionId = version.Id, Seal = seal });
            world.Model.ObserveContent(device, version, bytes);
            lines.Add($"  body {bytes.Length} B #{Digest(bytes)}");
        }
    }
}
