using System.Text;

namespace Coffer.Testing;

/// <summary>What a listing must give, worked out in the plainest way: all keys, their bytes compared one by one.</summary>
internal static class ListModel
{
    public static List<string> Names(IEnumerable<string> keys, string prefix, ListOptions? options = null)
    {
        options ??= ListOptions.Default;
        var names = new SortedDictionary<byte[], string>(ByteOrder.Instance);
        foreach (var key in keys)
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var slash = options.Shallow ? key.IndexOf('/', prefix.Length) : -1;
            var name = slash < 0 ? key : key[..(slash + 1)];
            var bytes = Encoding.UTF8.GetBytes(name);
            if (options.StartAfter is null || ByteOrder.Instance.Compare(bytes, Encoding.UTF8.GetBytes(options.StartAfter)) > 0)
                names[bytes] = name;
        }
        return [.. names.Values];
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
