using Coffer.Vaults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Coffer.Architecture.Tests.Snippets;

internal static class HostedReports
{
    public static void Configure(HostApplicationBuilder builder)
    {
        // snippet: hosting
        builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal();
        builder.Services.AddSingleton<Reports>();

        // end
    }
}

// snippet: service
public sealed class Reports([FromKeyedServices("team")] Vault vault)
{
    public Task PublishAsync(string path, Stream report, CancellationToken cancellationToken) =>
        vault.WriteAsync($"reports/{path}", FileContent.FromStream(report), cancellationToken: cancellationToken);
}

// end
