namespace Coffer.Bench.Stores;

/// <summary><c>cp</c>, and <c>sync</c> of the copy, since a put promises that the disk has it.</summary>
internal sealed class CopyPeer(string url) : IStorePeer
{
    private readonly string _folder = StoreUrl.Parse(url).Path;

    public string Name => "cp + sync";

    public async Task PutAsync(string file, string name)
    {
        Directory.CreateDirectory(_folder);
        await MeasuredProcess.RunAsync("cp", [file, Path.Combine(_folder, name)]);
        await MeasuredProcess.RunAsync("sync", [Path.Combine(_folder, name)]);
    }

    public Task GetAsync(string name, string file) => MeasuredProcess.RunAsync("cp", [Path.Combine(_folder, name), file]);
}
