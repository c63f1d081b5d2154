using Coffer.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

// Where a host's program looks for it without another using.
namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Coffer to the health checks of a host.</summary>
public static class CofferHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of everything that <c>AddCoffer</c> named: each store is asked one small question, each vault must be open and reachable, and a vault with findings that nobody
    /// accepted is <see cref="HealthStatus.Degraded"/>. Its data has the time of each vault's last sync and the number of its findings; nothing in it is a secret.
    /// </summary>
    /// <param name="builder">What <c>AddHealthChecks</c> gave.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What a store or vault that does not answer means; <see cref="HealthStatus.Unhealthy"/> when null.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    /// <param name="timeout">How long it may take; null for as long as the stores' own limits allow.</param>
    public static IHealthChecksBuilder AddCoffer(
        this IHealthChecksBuilder builder, string name = "coffer", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, static services => new CofferHealthCheck(services), failureStatus, tags, timeout));
    }
}
