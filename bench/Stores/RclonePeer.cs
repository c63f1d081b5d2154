namespace Coffer.Bench.Stores;

/// <summary>rclone, which copies one file. It does not wait for the server's disk.</summary>
internal sealed class RclonePeer(RcloneTool rclone, RcloneRemote remote) : IStorePeer
{
    public string Name => "rclone";

    public Task PutAsync(string file, string name) => rclone.PutFileAsync(file, remote, name);

    public Task GetAsync(string name, string file) => rclone.GetFileAsync(remote, name, file);
}
