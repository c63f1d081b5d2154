using System.Globalization;
using System.Text;
using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// What a plain observer knows: everything that was asked, what was acknowledged, and what each device has shown. It holds each thing that a vault shows against
/// that at once; what can be judged only at the end it keeps as a promise.
/// </summary>
internal sealed class TeamModel(SimContext context)
{
    private readonly List<Attempt> _attempts = [];
    private readonly List<Promise> _promises = [];
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string Id), Attempt> _versions = [];
    private readonly Dictionary<Device, long> _seenUpTo = [];
    private readonly Dictionary<string, (string Path, FileSeal? Seal)> _files = new(StringComparer.Ordinal);
    private int _batches;

    /// <summary>How wrong a clock may be that nobody sets.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMinutes(2);

    /// <summary>A stamp counts when it is no more than five minutes ahead; and what a clock is mended by.</summary>
    private static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5.5);

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether files are written that live for a while only.</summary>
    public bool IsMortal { get; init; }

    public IReadOnlyList<Attempt> Attempts => _attempts;

    public required AccessHistory Access { get; init; }

    /// <summary>The names of all files that any device was ever asked to write.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public IReadOnlyList<Promise> Promises => _promises;

    public int NewBatch() => ++_batches;

    /// <summary>What a name says. To read the ids in it costs, so it is done once.</summary>
    public (string Path, FileSeal? Seal) FileOf(string name)
    {
        if (!_files.TryGetValue(name, out var file))
            _files.Add(name, file = FileName.Parse(name));
        return file;
    }

    public Attempt Begin(AttemptKind kind, Device device, string name, int? size = null, int? batch = null)
    {
        var (path, seal) = FileOf(name);
        var attempt = new Attempt(_attempts.Count + 1, kind, device, name, context.Moment(), batch ?? NewBatch()) { Path = path, Seal = seal, SeenUpTo = _seenUpTo.GetValueOrDefault(device) };
        attempt.Content = size is { } known ? Content.Bytes(context, attempt.Number, known) : null;
        _attempts.Add(attempt);
        if (kind != AttemptKind.MemberAttribute)
            _names.Add(name);
        return attempt;
    }

    /// <summary>The device has seen all that was done to the ledger before a moment.</summary>
    public void Saw(Device device, long moment) => _seenUpTo[device] = Math.Max(moment, _seenUpTo.GetValueOrDefault(device));

    /// <summary>The state of a device is lost, or an older one takes its place: what was accepted there and not sent yet may be lost.</summary>
    public void Forsake(Device device)
    {
        _seenUpTo.Remove(device);
        foreach (var attempt in _attempts.Where(one => one.Device == device && one.Accepted is not null))
            attempt.IsForsaken = true;
    }

    /// <summary>The attempt that made a version; null when it is not known, as of a delete.</summary>
    public Attempt? MakerOf(string name, string id) => _versions.GetValueOrDefault((name, id));

    public void Acknowledge(Attempt attempt, FileVersion? version)
    {
        attempt.Acknowledged = context.Moment();
        attempt.AcknowledgedAt = context.Time.GetUtcNow();
        if (version is null)
            return;
        if (!attempt.Made(version))
            context.Violation($"{attempt} was answered with a version of something else: {Show(version)}");
        Observe(attempt.Device, version);
    }

    /// <summary>Holds one version that a device shows against what was asked.</summary>
    /// <param name="device">The device.</param>
    /// <param name="version">What it shows.</param>
    /// <param name="counts">Whether it shows it as something that is there: what is told to count no more may wait for its time.</param>
    public Attempt? Observe(Device device, FileVersion version, bool counts = true)
    {
        if (!FileName.IsFor(version.Seal, device.Person))
            context.Violation($"{device.Name} shows what is sealed between others: {Show(version)}");
        if (version.IsDelete)
        {
            if (!_attempts.Any(one => one.Kind == AttemptKind.Delete && one.Name == FileName.Of(version) && one.Author.Id.Equals(version.Author)))
                context.Violation($"{device.Name} shows a delete of '{version.Path}' that nobody was asked for: {Show(version)}");
            return null;
        }
        if (Maker(version) is not { } attempt)
        {
            context.Violation($"{device.Name} shows a version that nobody was asked for: {Show(version)}");
            return null;
        }
        if (attempt.Name != FileName.Of(version) || !attempt.Author.Id.Equals(version.Author))
            context.Violation($"{device.Name} shows {attempt} in another place, or as another's: {Show(version)}");
        if (Access.OutSince(device.Person) < attempt.SeenUpTo)
            context.Violation($"{device.Name} shows {attempt}, and its person's access had been taken, and seen by who wrote that, before it was sealed");
        if (attempt.Content is { } content && content.Length != version.Size)
            context.Violation($"{device.Name} shows {attempt} with {version.Size} bytes instead of {content.Length}");
        if (version.Written < attempt.NotBefore - Millisecond - attempt.Device.Time.MendedBack && !attempt.Author.HasSetClock)
            context.Violation($"{device.Name} shows {attempt} as written at {version.Written:O}, and it was scheduled for {attempt.NotBefore:O}");
        if (counts && version.Written > device.Time.GetUtcNow() + MostAhead && !version.Author.Equals(device.Person.Id) && !device.Time.HasJumped)
            context.Violation($"{device.Name} shows {attempt}, which is stamped {version.Written:O}, and its clock says {device.Time.GetUtcNow():O}");
        device.Lines.Note(attempt);
        if (!attempt.NoteExpiry(version.Expires))
            context.Violation($"{device.Name} shows {attempt} as expiring at {version.Expires:O}, and it was {attempt.Expires:O} before");
        attempt.VersionId ??= version.Id;
        if (attempt.VersionId != version.Id)
            context.Violation($"{device.Name} shows {attempt} as version {version.Id}, and it was {attempt.VersionId} before: it was written twice");
        _versions.TryAdd((FileName.Of(version), version.Id), attempt);
        return attempt;
    }

    /// <summary>Holds bytes that a device gave for a version against those that were written.</summary>
    public void ObserveContent(Device device, FileVersion version, ReadOnlySpan<byte> bytes, ByteRange? range = null)
    {
        if (Observe(device, version) is not { } attempt)
            return;
        if (range is null && attempt.Content is null)
            attempt.Content = ContentBehind(attempt, version, bytes);
        if (attempt.Content is not { } content)
            return;
        var expected = range is { } part ? content.AsSpan((int)part.Offset, (int)(part.LengthWithin(content.Length) ?? 0)) : content;
        if (!bytes.SequenceEqual(expected))
            context.Violation($"{device.Name} gave {bytes.Length} bytes for {attempt} that are not the {expected.Length} that were written");
    }

    /// <summary>The attempt that the attributes of a version name.</summary>
    private Attempt? Maker(FileVersion version)
    {
        var token = Encoding.UTF8.GetString(version.Attributes.Span);
        return int.TryParse(token[(token.IndexOf(' ', StringComparison.Ordinal) + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= _attempts.Count
            && _attempts[number - 1] is { Kind: AttemptKind.Write or AttemptKind.Attributes } attempt && attempt.Made(version) ? attempt : null;
    }

    public void Promise(Promise promise) => _promises.Add(promise);

    /// <summary>Whether a version may be on no device any more, because its time is over. A delete lives as long as what it deletes.</summary>
    public bool MayHaveEnded(FileVersion version) => IsMortal && (version.IsDelete || version.Expires <= context.Time.GetUtcNow() + ClockError);

    /// <summary>Whether what an attempt made may be on no device any more, or read as expired.</summary>
    public bool MayHaveEnded(Attempt attempt) => IsMortal && !attempt.Lives(context.Time.GetUtcNow() + ClockError);

    /// <summary>Whether anything of a name may have ended, or may end; then little can be said of the order of what is left.</summary>
    public bool IsMortalName(string name) => IsMortal && _attempts.Exists(one => one.Name == name && one.Kind != AttemptKind.Delete && one is not { IsExpiryKnown: true, Expires: null });

    public static string Show(FileVersion version) =>
        $"'{version.Path}'{(version.Seal is { } seal ? $" sealed to {seal.Recipient.ToString()[..8]}" : "")} {version.Id} {(version.IsDelete ? "delete" : $"{version.Size} B")} by {version.Author.ToString()[..8]} {version.Written:O} {Encoding.UTF8.GetString(version.Attributes.Span)}";

    public static string Show(IReadOnlyList<FileVersion> versions) => string.Join(", ", versions.Select(Show));

    /// <summary>New attributes keep the body that the device knew as the newest: one of those that were written there.</summary>
    private byte[]? ContentBehind(Attempt attempt, FileVersion version, ReadOnlySpan<byte> bytes)
    {
        foreach (var other in _attempts)
        {
            if (other.Kind == AttemptKind.Write && other.Name == FileName.Of(version) && bytes.SequenceEqual(other.Content))
                return other.Content;
        }
        context.Violation($"{attempt} has a body of {bytes.Length} bytes that nobody wrote");
        return null;
    }
}
