namespace Coffer.Fuzzing;

/// <summary>Inputs for one parser: each new one is made of an earlier one that took the code somewhere new.</summary>
internal sealed class FuzzLoop(FuzzTarget target, ulong seed)
{
    private readonly Coverage _coverage = new();
    private readonly List<byte[]> _corpus = [];
    private readonly Mutator _mutator = new(seed);

    public long Cases { get; private set; }

    public long Accepted { get; private set; }

    public int Corpus => _corpus.Count;

    public int Branches => _coverage.Branches;

    /// <summary>The most that was allocated, as a part of what may be.</summary>
    public double MostAllocated { get; private set; }

    /// <summary>Runs so many cases. Gives the first input with which something went wrong, and what; null when nothing did.</summary>
    public (byte[] Input, FuzzException Fault)? Run(SeedWorld world, long cases)
    {
        foreach (var input in target.Seeds(world))
        {
            // What runs for the first time allocates for itself.
            Try(input, always: false, isMeasured: false);
            if (Try(input, always: true) is { } fault)
                return (input, fault);
        }
        if (Accepted == 0)
            return ([], new FuzzException("none of the inputs to begin with is accepted"));
        while (Cases < cases)
        {
            // What was found last is most likely to lead on.
            var from = _mutator.Below(2) == 0 ? _corpus[^(1 + _mutator.Below(Math.Min(8, _corpus.Count)))] : _corpus[_mutator.Below(_corpus.Count)];
            var input = _mutator.Mutate(from, _corpus[_mutator.Below(_corpus.Count)]);
            if (Try(input, always: false) is { } fault)
                return (input, fault);
        }
        return null;
    }

    /// <summary>Runs one case; gives what went wrong.</summary>
    /// <param name="input">The input.</param>
    /// <param name="always">Whether it is kept wherever it took the code.</param>
    /// <param name="isMeasured">Whether what it allocates is held against what is allowed.</param>
    public FuzzException? Try(byte[] input, bool always, bool isMeasured = true)
    {
        Cases++;
        Coverage.Begin();
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            if (target.Read(input))
                Accepted++;
        }
        catch (FuzzException fault)
        {
            return fault;
        }
        catch (Exception fault) when (target.IsDocumented(fault))
        {
        }
        catch (Exception fault)
        {
            return new FuzzException($"it throws {fault.GetType().Name}, which nothing says that it may: {fault.Message}", fault);
        }
        if (!isMeasured)
            return null;
        var allowed = target.AllocatedAtLeast + (target.AllocatedPerByte * input.Length);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        MostAllocated = Math.Max(MostAllocated, (double)allocated / allowed);
        if (allocated > allowed)
            return new FuzzException($"it allocates {allocated} bytes for {input.Length}, and {allowed} are allowed");
        if (_coverage.IsNew() || always)
            _corpus.Add(input);
        return null;
    }
}
