namespace Coffer;

/// <summary>
/// An optional interface of stores whose server may lack what <see cref="IStore.Capabilities"/> takes for granted until somebody asks: some S3-compatible servers
/// silently ignore the condition of a create-only put, and some SFTP servers offer extensions that do not work. Found with <c>store.Find&lt;ICapabilityProbe&gt;()</c>.
/// </summary>
public interface ICapabilityProbe
{
    /// <summary>Whether it is settled what the server can do: it is known, was asked, or an earlier answer was trusted. Nothing that is asked of the store costs a probe then.</summary>
    bool IsSettled { get; }

    /// <summary>What was found, in words that this kind of store reads again, to be kept and handed to <see cref="Trust"/> in another process; null when nothing is settled, or a vault could not rest on it.</summary>
    string? Answer { get; }

    /// <summary>
    /// Asks the server, by a few requests on an object of its own, which is removed again. From then on <see cref="IStore.Capabilities"/> says what was found.
    /// Costs nothing once it is settled. A store also asks by itself before the first put that rests on the answer.
    /// </summary>
    /// <exception cref="StoreException">The server could not be asked, for example because the credentials only allow reading; nothing is settled then.</exception>
    ValueTask<StoreCapabilities> ProbeAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes for granted what an earlier probe of the same store found. What this kind of store does not understand, because other software wrote it, settles nothing.</summary>
    /// <param name="answer">The <see cref="Answer"/> of that time.</param>
    void Trust(string answer);
}
