using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Coffer.Architecture.Tests;

/// <summary>What the simulator rests on: nothing ambient, nothing shared, nothing that leaves its context.</summary>
public sealed partial class DeterminismTests
{
    /// <summary>Where time, randomness, threads and a caller's context enter, one file each, and nowhere else.</summary>
    private static readonly string[] Doors =
    [
        "src/Vault/Environment/CallerContext.cs",
        "src/Vault/Environment/SystemRandom.cs",
        "src/Vault/Environment/SystemTime.cs",
        "src/Vault/Environment/ThreadPoolWorkers.cs",
    ];

    [Theory]
    [InlineData("src/Vault")]
    [InlineData("src/Stores")]
    public void Banned_symbols_are_let_in_at_the_doors_only(string folder)
    {
        var files = Repository.Sources(folder).Where(file => File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal)).Select(Repository.Relative);

        var others = files.Except(Doors).Where(file => !IsDefaultOfOptions(file)).ToList();

        Assert.Empty(others);
    }

    /// <summary>A default value of an options type may name the real clock and the real randomness: the caller can see and replace it.</summary>
    private static bool IsDefaultOfOptions(string file) => file.EndsWith("Options.cs", StringComparison.Ordinal) || file.EndsWith("Jitter.cs", StringComparison.Ordinal);

    [Theory]
    [InlineData("src/Abstractions")]
    [InlineData("src/Stores")]
    [InlineData("src/Vault")]
    public void No_await_leaves_its_context(string folder)
    {
        var files = Repository.Sources(folder)
            .Where(file => File.ReadLines(file).Any(line => line.Contains(".ConfigureAwait(", StringComparison.Ordinal) && !line.Contains("ContinueOnCapturedContext", StringComparison.Ordinal)))
            .Select(Repository.Relative);

        Assert.Empty(files);
    }

    [Theory]
    [InlineData("Coffer.Abstractions")]
    [InlineData("Coffer.Stores")]
    [InlineData("Coffer.Stores.Local")]
    [InlineData("Coffer.Stores.Sftp")]
    [InlineData("Coffer.Vault")]
    [InlineData("Coffer.Hosting")]
    public void There_is_no_static_state(string library)
    {
        var fields = Assembly.Load(library).GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && !type.Name.StartsWith('<') && !IsGenerated(type))
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && (!field.IsInitOnly || IsMutable(field.FieldType)) && !field.Name.Contains("<>", StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.Empty(fields);
    }

    private static bool IsGenerated(Type type) => type.Namespace?.StartsWith("System.", StringComparison.Ordinal) == true || type.FullName?.Contains("__", StringComparison.Ordinal) == true;

    private static bool IsMutable(Type type) => type.IsGenericType && MutableCollections().IsMatch(type.Name);

    [GeneratedRegex("^(List|Dictionary|HashSet|Queue|Stack|ConcurrentDictionary|SortedDictionary|ConditionalWeakTable)`")]
    private static partial Regex MutableCollections();
}
