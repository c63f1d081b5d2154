using Polly;
using Polly.Retry;

namespace Coffer.Stores;

/// <summary>Polly's retry strategy, as this library uses it: one pipeline for everything, which stays in the caller's context.</summary>
internal sealed class RetryPipeline
{
    private static readonly ResiliencePropertyKey<Func<StoreException, bool>> AlsoMay = new("coffer.retry.may");

    private readonly RetryOptions _options;
    private readonly ResiliencePipeline _pipeline;

    public RetryPipeline(RetryOptions options, TimeProvider time, Func<double>? randomness)
    {
        options.Validate();
        _options = options;
        var strategy = new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(MayRetry(arguments.Outcome.Exception, arguments.Context)),
            MaxRetryAttempts = options.MaxRetries,
            Delay = options.Delay,
            MaxDelay = options.MaxDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            // Null leaves the wait to the strategy.
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as StoreException)?.RetryAfter),
        };
        if (randomness is not null)
            strategy.Randomizer = randomness;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(strategy).Build();
    }

    private bool MayRetry(Exception? e, ResilienceContext context) =>
        e is StoreException { IsTransient: true } error
        && !(error.RetryAfter > _options.MaxRetryAfter)
        && (!context.Properties.TryGetValue(AlsoMay, out var also) || also(error));

    /// <param name="attempt">One attempt.</param>
    /// <param name="state">What the attempt is given.</param>
    /// <param name="may">What must hold besides for an error to be retried; null for nothing.</param>
    /// <param name="cancellationToken">Cancels attempts and waits.</param>
    public async ValueTask<T> RunAsync<T, TState>(
        Func<TState, CancellationToken, ValueTask<T>> attempt, TState state, Func<StoreException, bool>? may, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellationToken);
        try
        {
            if (may is not null)
                context.Properties.Set(AlsoMay, may);
            return await _pipeline.ExecuteAsync(static (c, s) => s.attempt(s.state, c.CancellationToken), context, (attempt, state));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
