using Coffer.Testing;

namespace Coffer.TestServers;

/// <summary>A body that does something when it has been read so far, the first time: kills its server, for one.</summary>
public static class EventfulBody
{
    private const int MostAtOnce = 64 << 10;

    /// <param name="seed">What its pattern is made from.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="at">After how many bytes it happens.</param>
    /// <param name="action">What happens; the read waits for it.</param>
    /// <param name="canReopen">Whether it can be read again, which then happens without that.</param>
    public static ObjectBody Of(ulong seed, int length, long at, Action action, bool canReopen)
    {
        var isDone = false;
        return ObjectBody.FromSource(_ => ValueTask.FromResult<Stream>(new PatternStream(seed, length, reading: Reach, most: MostAtOnce)), length, canReopen);

        void Reach(long position)
        {
            if (position < at || isDone)
                return;
            isDone = true;
            action();
        }
    }
}
