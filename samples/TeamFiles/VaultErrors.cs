using Coffer;
using Coffer.Vaults;

namespace TeamFiles;

/// <summary>What a vault refuses, as HTTP says it. Everything else is an error of the server, and logged as one.</summary>
internal sealed class VaultErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (StatusOf(e) is { } status && !context.HttpContext.Response.HasStarted)
        {
            return Results.Problem(e.Message, statusCode: status);
        }
    }

    private static int? StatusOf(Exception e) => e switch
    {
        FileNotFoundException or FileNotFoundInVaultException => StatusCodes.Status404NotFound,
        // The path is none, as the message says.
        ArgumentException => StatusCodes.Status400BadRequest,
        AccessDeniedException => StatusCodes.Status403Forbidden,
        VaultQuotaException => StatusCodes.Status507InsufficientStorage,
        StoreException { IsTransient: true } => StatusCodes.Status503ServiceUnavailable,
        _ => null,
    };
}
