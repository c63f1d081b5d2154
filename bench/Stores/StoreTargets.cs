using Coffer.Stores;
using Coffer.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace Coffer.Bench.Stores;

/// <summary>What can be measured.</summary>
internal static class StoreTargets
{
    public static IReadOnlyList<StoreTarget> All { get; } =
    [
        new()
        {
            Name = "file",
            Url = folder => new Uri(folder.At("store")).AbsoluteUri,
            Peer = (url, _) => new CopyPeer(url),
            Rclone = RcloneRemote.Local,
        },
        new()
        {
            Name = "s3",
            Server = "s3",
            Url = _ => TestServer.S3,
            Peer = (url, _) => new AwsSdkPeer(url),
            Sdk = url => new AwsSdkObjects(url),
            Rclone = RcloneRemote.S3,
        },
        new()
        {
            Name = "sftp",
            Server = "sftp",
            Url = _ => TestServer.Sftp,
            Peer = (url, _) => new SftpProgramPeer(url),
            Rclone = RcloneRemote.Sftp,
        },
        new()
        {
            // rclone does not wait for the server's disk, so this is the store that does the same work.
            Name = "sftp-nosync",
            Server = "sftp",
            Url = _ => TestServer.Below(TestServer.Sftp + "&fsync=false", "nosync"),
            Peer = (url, folder) => new RclonePeer(new RcloneTool(folder), RcloneRemote.Sftp(StoreUrl.Parse(url))),
            Rclone = RcloneRemote.Sftp,
        },
        new()
        {
            Name = "azure",
            Server = "azure",
            Url = _ => TestServer.Azure,
            Peer = (url, _) => new AzureSdkPeer(url),
            Sdk = url => new AzureSdkObjects(url),
            Rclone = RcloneRemote.Azure,
        },
    ];

    /// <summary>One of them.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static StoreTarget Named(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"There is no store '{name}' to measure; there are: {string.Join(", ", All.Select(target => target.Name))}");

    /// <summary>The providers.</summary>
    public static StoreRegistry Registry() => new StoreRegistry().AddLocal().AddS3().AddSftp().AddAzure();
}
