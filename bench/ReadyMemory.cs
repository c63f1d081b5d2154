using System.Runtime.InteropServices;

namespace Coffer.Bench;

/// <summary>
/// Memory that a virtual machine has not used yet, or has handed back, costs seconds per gibibyte when it is touched first, and whoever comes first pays for it. So before each run
/// as much as a run may need is touched and freed, and what runs next finds it ready.
/// </summary>
internal static class ReadyMemory
{
    private const int Page = 4096;
    private const int Block = 64 << 20;

    /// <param name="bytes">How much a run may need, in its own memory, in the page cache and in a server.</param>
    public static void Touch(long bytes)
    {
        var left = Math.Min(bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
        var blocks = new List<nint>();
        for (; left > 0; left -= Block)
        {
            var block = Marshal.AllocHGlobal(Block);
            for (var i = 0; i < Block; i += Page)
                Marshal.WriteByte(block, i, 1);
            blocks.Add(block);
        }
        blocks.ForEach(Marshal.FreeHGlobal);
    }
}
