using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SharpFuzz.Common;

namespace Coffer.Fuzzing;

/// <summary>Which branches of the vault's code were taken, and about how often: the map that SharpFuzz fills, seen against all that was seen before.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private readonly byte[] _seen = new byte[Size];

    /// <summary>How many branches were ever taken.</summary>
    public int Branches => _seen.Count(static bits => bits != 0);

    /// <summary>Makes the map. Before anything of the vault runs: its code writes there.</summary>
    public static void Prepare() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);

    /// <summary>Forgets where the code went, before it runs.</summary>
    public static void Begin()
    {
        new Span<byte>(Trace.SharedMem, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the code took a branch that it never took before, or one far more often.</summary>
    public bool IsNew()
    {
        var map = new ReadOnlySpan<byte>(Trace.SharedMem, Size);
        var isNew = false;
        for (var at = 0; at < Size; at += Vector256<byte>.Count)
        {
            if (Vector256.Create(map[at..]) == Vector256<byte>.Zero)
                continue;
            for (var i = at; i < at + Vector256<byte>.Count; i++)
            {
                var bucket = Bucket(map[i]);
                isNew |= (bucket & ~_seen[i]) != 0;
                _seen[i] |= bucket;
            }
        }
        return isNew;
    }

    /// <summary>One bit for each order of how often, as AFL has them.</summary>
    private static byte Bucket(byte count) => count switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };
}
