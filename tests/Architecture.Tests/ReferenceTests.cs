using System.Reflection;
using Xunit;

namespace Coffer.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Coffer.Abstractions"] = [],
        ["Coffer.Stores"] = ["Coffer.Abstractions", "Polly.Core"],
        ["Coffer.Stores.Local"] = ["Coffer.Abstractions"],
        ["Coffer.Stores.S3"] = ["Coffer.Abstractions", "AWSSDK.Core", "AWSSDK.S3"],
        ["Coffer.Stores.Sftp"] = ["Coffer.Abstractions"],
        ["Coffer.Stores.Azure"] = ["Coffer.Abstractions", "Azure.Core", "Azure.Identity", "Azure.Storage.Blobs", "Azure.Storage.Common"],
        ["Coffer.Vault"] = ["Coffer.Abstractions", "BouncyCastle.Crypto", "BouncyCastle.Cryptography", "Microsoft.Data.Sqlite", "SQLitePCLRaw.core", "SQLitePCLRaw.batteries_v2"],
        ["Coffer.Testing"] = ["Coffer.Abstractions", "FsCheck", "FSharp.Core"],
        ["Coffer.Hosting"] = ["Coffer.Abstractions", "Coffer.Stores", "Coffer.Vault",
            "Microsoft.Extensions.Configuration.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks",
            "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions", "Microsoft.Extensions.Options"],
    };

    public static TheoryData<string> Libraries => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_references_what_the_map_draws_and_the_framework_and_nothing_else(string library)
    {
        var references = Assembly.Load(library).GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.Empty(references.Where(name => !IsFramework(name)).Except(Allowed[library]));
    }

    private static bool IsFramework(string name) => name is "netstandard" or "mscorlib" or "System" || (name.StartsWith("System.", StringComparison.Ordinal)) || name == "Microsoft.Win32.Primitives";

    [Fact]
    public void Every_library_of_the_solution_is_on_the_map()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension);

        Assert.Equal(Allowed.Keys.Append("Coffer.Cli").Order(), projects.Order());
    }
}
