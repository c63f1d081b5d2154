using Coffer.Stores;

namespace Coffer.Bench.Stores;

/// <summary>A store of this repository, with all its layers, as an application has it.</summary>
internal sealed class StorePeer(StoreRegistry stores, string url) : IStorePeer
{
    private const int CopyBuffer = 1 << 20;

    public string Name => "coffer";

    public async Task PutAsync(string file, string name)
    {
        await using var store = stores.Open(url);
        await store.PutAsync(StoreKey.Parse(name), ObjectBody.FromFile(file));
    }

    public async Task GetAsync(string name, string file)
    {
        await using var store = stores.Open(url);
        await using var reader = await store.OpenReadAsync(StoreKey.Parse(name));
        await using var output = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
        });
        await reader.Content.CopyToAsync(output, CopyBuffer);
    }
}
