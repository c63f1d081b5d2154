namespace Coffer.Vaults.Bodies;

/// <summary>The plaintext of a body being written: a stream that must have the length that was announced, if one was.</summary>
internal sealed class BodySource(Stream stream, long? announced)
{
    private readonly byte[] _ahead = new byte[1];
    private bool _hasAhead;
    private bool _ended;

    /// <summary>How many bytes were given so far.</summary>
    public long Given { get; private set; }

    /// <summary>Fills the memory, or as much of it as the source still has.</summary>
    /// <returns>How many bytes it were: fewer than asked for only at the end.</returns>
    public async ValueTask<int> FillAsync(Memory<byte> memory, CancellationToken cancellationToken)
    {
        var count = 0;
        if (_hasAhead && memory.Length > 0)
        {
            memory.Span[0] = _ahead[0];
            _hasAhead = false;
            count = 1;
        }
        while (count < memory.Length && !_ended)
        {
            var read = await stream.ReadAsync(memory[count..], cancellationToken);
            _ended = read == 0;
            count += read;
        }
        Given += count;
        return count;
    }

    /// <summary>Whether all was given. Without an announced length, and at the announced end, this looks one byte ahead.</summary>
    /// <exception cref="SourceLengthException">The source has fewer or more bytes than were announced.</exception>
    public async ValueTask<bool> IsAtEndAsync(CancellationToken cancellationToken)
    {
        if (Given < announced && !_ended)
            return false;
        if (!_ended && !_hasAhead)
        {
            _ended = await stream.ReadAsync(_ahead, cancellationToken) == 0;
            _hasAhead = !_ended;
        }
        if (announced is { } length && (Given < length || _hasAhead))
            throw new SourceLengthException(length, _hasAhead ? null : Given);
        return !_hasAhead;
    }
}
