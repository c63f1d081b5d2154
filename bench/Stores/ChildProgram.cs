using System.Globalization;
using System.Runtime.InteropServices;

namespace Coffer.Bench.Stores;

/// <summary>
/// This program as <see cref="StoreChild"/>, published as the <c>coffer</c> tool is: compiled ahead of time. Else a process that ends after a second would mostly show
/// the compiler of the runtime.
/// </summary>
internal sealed class ChildProgram
{
    private readonly string _executable;

    private ChildProgram(string executable) => _executable = executable;

    public static async Task<ChildProgram> PublishAsync(TemporaryFolder folder)
    {
        await MeasuredProcess.RunAsync("dotnet", ["publish", Path.Combine(Repository.Root, "bench"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--self-contained", "true",
            "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", "-p:ConcurrentGarbageCollection=false", "-o", folder.At("child"), "-v", "q", "--nologo"]);
        return new ChildProgram(folder.At(Path.Combine("child", "Coffer.Bench")));
    }

    /// <summary>Runs one task in a process of its own, and measures that from its start to its end.</summary>
    public Task<Measurement> MeasureAsync(params string[] arguments) => MeasuredProcess.RunAsync(_executable, [StoreChild.Name, .. arguments]);

    /// <summary>Runs one task that tells by itself how long it took, without the start of its process.</summary>
    public async Task<double> SecondsWithinAsync(params string[] arguments) => double.Parse((await MeasureAsync(arguments)).Output, CultureInfo.InvariantCulture);
}
