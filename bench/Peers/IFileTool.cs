namespace Coffer.Bench;

/// <summary>A program that takes a file or folder into an encrypted store, and gives it back.</summary>
internal interface IFileTool
{
    /// <summary>What it is called in the table.</summary>
    string Name { get; }

    /// <summary>Makes an empty store; the one before is out of the way.</summary>
    Task StartOverAsync();

    /// <summary>Takes a file or folder in. When it ends, the disk or the server has it.</summary>
    Task<PutMeasurement> PutAsync(string source);

    /// <summary>What is done between put and get and does not count.</summary>
    Task BetweenAsync();

    /// <summary>Gives back what was taken in.</summary>
    /// <param name="source">What that was.</param>
    /// <param name="destination">A name that is free. What came back lies where the result says.</param>
    Task<(Measurement Measurement, string Got)> GetAsync(string source, string destination);

    /// <summary>Leaves nothing running or mounted.</summary>
    Task EndAsync();
}

/// <summary>What a put took.</summary>
/// <param name="Program">The program itself.</param>
/// <param name="SyncSeconds">How long the disk was waited for after it; 0 for a program that waits itself.</param>
internal readonly record struct PutMeasurement(Measurement Program, double SyncSeconds = 0)
{
    /// <summary>For a program that does not wait for the disk: all of the file system that holds the place is flushed after it, and that counts.</summary>
    public static async Task<PutMeasurement> ThenSyncAsync(Measurement program, string place) => new(program, (await MeasuredProcess.RunAsync("sync", ["-f", place])).Seconds);
}
