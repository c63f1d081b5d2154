namespace Coffer.Vaults;

/// <summary>Whose a file is that is sealed to one recipient: only these two can read it, and only the sender can write or delete it. It has versions of its own, apart from the plain file of its path.</summary>
/// <param name="Sender">Who wrote it.</param>
/// <param name="Recipient">Who else can read it; the sender itself is a recipient too.</param>
public sealed record FileSeal(PublicId Sender, PublicId Recipient);
