namespace Coffer.Stores.Sftp.Tests;

/// <summary>Whose failure an attempt to connect is.</summary>
public sealed class ConnectionPoolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_attempt_that_had_begun_before_and_fails_is_followed_by_another_one()
    {
        var attempts = new List<TaskCompletionSource<SftpConnection>>();
        await using var pool = Pool(attempts);
        var first = pool.RentAsync(Token);
        var second = pool.RentAsync(Token);

        (await AttemptAsync(attempts, 0)).SetException(new SftpConnectionException(StoreErrorKind.Unavailable, "the first"));
        Assert.Equal("the first", (await Assert.ThrowsAsync<SftpConnectionException>(() => first)).Message);
        (await AttemptAsync(attempts, 1)).SetException(new SftpConnectionException(StoreErrorKind.Unavailable, "the second"));
        Assert.Equal("the second", (await Assert.ThrowsAsync<SftpConnectionException>(() => second)).Message);
    }

    /// <summary>A login that is refused would be refused again, and a server counts them.</summary>
    [Fact]
    public async Task One_that_is_refused_is_everybodys_answer()
    {
        var attempts = new List<TaskCompletionSource<SftpConnection>>();
        await using var pool = Pool(attempts);
        var all = Enumerable.Range(0, 3).Select(_ => pool.RentAsync(Token)).ToList();

        (await AttemptAsync(attempts, 0)).SetException(new SftpConnectionException(StoreErrorKind.Unauthenticated, "no"));
        foreach (var one in all)
            Assert.Equal("no", (await Assert.ThrowsAsync<SftpConnectionException>(() => one)).Message);
        Assert.Single(attempts);
    }

    private static ConnectionPool Pool(List<TaskCompletionSource<SftpConnection>> attempts) => new(1, _ =>
    {
        var attempt = new TaskCompletionSource<SftpConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (attempts)
            attempts.Add(attempt);
        return attempt.Task;
    }, TimeProvider.System);

    private static async Task<TaskCompletionSource<SftpConnection>> AttemptAsync(List<TaskCompletionSource<SftpConnection>> attempts, int which)
    {
        while (true)
        {
            lock (attempts)
            {
                if (attempts.Count > which)
                    return attempts[which];
            }
            await Task.Delay(1, Token);
        }
    }
}
