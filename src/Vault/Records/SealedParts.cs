namespace Coffer.Vaults.Records;

/// <summary>The secret half of a sealed record.</summary>
/// <param name="RecipientWrap">The record key for the recipient.</param>
/// <param name="AuthorWrap">The record key for the author.</param>
/// <param name="Text">The text, sealed under the record key.</param>
internal sealed record SealedParts(byte[] RecipientWrap, byte[] AuthorWrap, byte[] Text);
