using System.CommandLine;
using Coffer.Cli.Home;
using Coffer.Cli.Invocation;
using Coffer.Cli.Parsing;
using Coffer.Vaults;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer create</c>: makes a vault on a store, and keeps it under a name in this home.</summary>
internal static class CreateCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What to call the vault in this home." };
        var url = new Argument<string>("URL") { Description = "The store, such as file:///srv/coffer, or a folder such as ./coffer." };
        var identity = Arguments.Identity();
        var realm = Arguments.Realm();
        var retention = new Option<string?>("--retention") { Description = "How long the content of a file is kept, such as 30d; for ever when left out.", HelpName = "TIME" };
        var size = new Option<string?>("--max-size") { Description = "How much the vault may hold, such as 10GiB; no limit when left out.", HelpName = "SIZE" };
        var segment = new Option<string?>("--segment") { Description = "How much time one folder of content spans, a minute or more; a day when left out.", HelpName = "TIME" };
        var freshness = new Option<string?>("--freshness") { Description = "How long no admin may be silent, such as 2d: then everybody is told that the store may hide what is new. Nobody watches when left out.", HelpName = "TIME" };
        return new Command("create", "Make a vault on a store.") { name, url, identity, realm, retention, size, segment, freshness }
            .Runs(async (session, parsed, cancellationToken) =>
            {
                var registration = new VaultRegistration(session, parsed.GetRequiredValue(name), parsed.GetRequiredValue(identity));
                var place = Arguments.Store(session, parsed.GetRequiredValue(url));
                var settings = new VaultSettings
                {
                    ContentLife = parsed.GetValue(retention) is { } life ? Arguments.Read(life, Duration.Parse) : null,
                    Freshness = parsed.GetValue(freshness) is { } window ? Arguments.Read(window, Duration.Parse) : null,
                    Quota = parsed.GetValue(size) is { } bytes ? Arguments.Read(bytes, ByteSize.Parse) : null,
                };
                var options = new VaultCreateOptions
                {
                    IndexPath = registration.IndexPath,
                    Realm = parsed.GetRequiredValue(realm),
                    Settings = settings,
                };
                if (parsed.GetValue(segment) is { } interval)
                    options = options with { SegmentInterval = Arguments.Read(interval, Duration.Parse) };
                if (options.SegmentInterval < TimeSpan.FromMinutes(1))
                    throw ToolException.Usage("A segment spans a minute or more.");
                if (settings.Freshness < TimeSpan.FromMinutes(1))
                    throw ToolException.Usage("A freshness window is a minute or more.");
                await registration.CreateAsync(place, options, cancellationToken);
            });
    }
}
