using System.CommandLine;

namespace Coffer.Cli.Commands;

/// <summary><c>coffer store</c>: what concerns stores and not vaults.</summary>
internal static class StoreCommand
{
    public static Command Create() => new("store", "Try out a store, or copy one to another.")
    {
        StoreCheckCommand.Create(),
        StoreCopyCommand.Create(),
    };

    public static Argument<string> Url(string name, string description) => new(name) { Description = description };
}
