using System.Runtime.InteropServices;

namespace Coffer.Bench;

/// <summary>The published <c>coffer</c>, with a home of its own, which is a device.</summary>
/// <param name="executable">Its path.</param>
/// <param name="home">The folder of its state.</param>
internal sealed class CofferProgram(string executable, string home)
{
    /// <summary>The name of the identity in each home.</summary>
    public const string Identity = "bench";

    /// <summary>The file of that identity.</summary>
    public string IdentityFile => Path.Combine(home, "identities", $"{Identity}.id");

    /// <summary>The program that the options name, or that of this tree, published; its home has an identity.</summary>
    public static async Task<CofferProgram> CreateAsync(BenchOptions options, TemporaryFolder folder)
    {
        var executable = options.Coffer;
        if (executable is null)
        {
            var project = Path.Combine(Repository.Root, "src", "Cli");
            await MeasuredProcess.RunAsync("dotnet", ["publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier,
                "-o", folder.At("coffer"), "-v", "q", "--nologo"]);
            executable = folder.At(Path.Combine("coffer", "coffer"));
        }
        var program = new CofferProgram(Path.GetFullPath(executable), folder.At("coffer-home"));
        await program.RunAsync("id", "new", Identity);
        return program;
    }

    /// <summary>The same person on another device, which knows no vault yet.</summary>
    /// <param name="otherHome">The folder of that device's state; it must not exist.</param>
    public CofferProgram OtherDevice(string otherHome)
    {
        var other = new CofferProgram(executable, otherHome);
        Directory.CreateDirectory(Path.GetDirectoryName(other.IdentityFile)!);
        File.Copy(IdentityFile, other.IdentityFile);
        return other;
    }

    public Task<Measurement> RunAsync(params string[] arguments) => MeasuredProcess.RunAsync(executable, arguments, new Dictionary<string, string> { ["COFFER_HOME"] = home });
}
