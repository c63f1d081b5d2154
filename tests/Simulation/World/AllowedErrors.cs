using Coffer.Vaults;

namespace Coffer.Simulation;

/// <summary>
/// Which errors a vault may tell on a store that is honest, however unlucky. Everything else is a violation: an integrity error would be a false alarm, an error of
/// the database or of an argument a mistake in the vault.
/// </summary>
internal static class AllowedErrors
{
    /// <summary>What a person needs to find the place: the innermost error and where it came from.</summary>
    public static string Trace(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return string.Join('\n', $"{error.GetType().Name}: {error.Message}\n{error.StackTrace}".Split('\n').Take(10));
    }

    /// <summary>What is wrong with this error; null when it may come.</summary>
    /// <param name="error">The error.</param>
    /// <param name="person">To whom it came.</param>
    /// <param name="owner">Whose access nobody ever takes.</param>
    public static string? Fault(Exception error, Person person, PublicId owner) => error switch
    {
        StoreException { Kind: StoreErrorKind.Unavailable or StoreErrorKind.RateLimited or StoreErrorKind.OutcomeUnknown } => null,
        StoreException store => $"an error of the store, {store.Kind}, that the vault should have understood",
        AccessDeniedException when !person.IsOwner => null,
        VaultConflictException => null,
        FileNotFoundInVaultException => null,
        // Everybody but the owner has its access taken now and then.
        RecipientCannotReadException refused when refused.Recipient != owner => null,
        VaultIntegrityException => "a false alarm",
        WriteRefusedException { Write.Refusal: RefusalReason.AccessDenied } when !person.IsOwner => null,
        WriteRefusedException { Write: { Refusal: RefusalReason.RecipientCannotRead, Recipient: { } recipient } } when recipient != owner => null,
        AggregateException all => all.InnerExceptions.Select(inner => Fault(inner, person, owner)).FirstOrDefault(fault => fault is not null),
        _ => "an error that must not come",
    };
}
