using Microsoft.Extensions.DependencyInjection;
using TeamFiles;

var builder = WebApplication.CreateBuilder(args);

// The store and the vault are named in appsettings.json; which of the providers is used, the URL there decides.
builder.Services.AddCoffer(builder.Configuration.GetSection("Coffer")).AddLocal().AddS3().AddSftp().AddAzure();
builder.Services.AddHealthChecks().AddCoffer();

// Uploads stream through to the store, so they may be of any size.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapHealthChecks("/health");
app.MapFiles();
var stopping = app.Lifetime.ApplicationStopping;
try
{
    await app.RunAsync();
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    // Ended before it was up, for example while the vault was still being opened: the web server calls that an error, and it is what somebody wanted.
}
