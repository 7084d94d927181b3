using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Views;

namespace Tessera.Platform.Sessions;

/// <summary>What does not change in a session.</summary>
/// <param name="Opened">When it began.</param>
/// <param name="Merchant">Who is paid where a payment does not say.</param>
/// <param name="Display">What the terminal shows at once.</param>
/// <param name="IsCostly">A round trip of the link costs messages or patience.</param>
/// <param name="FundingSource">The funding account that loads come from.</param>
/// <param name="Verification">By what the holder may be verified.</param>
internal sealed record SessionFacts(
    SessionReference Session, DateTimeOffset Opened, string Merchant, TextDisplay Display, bool IsCostly, string FundingSource,
    Verification Verification);
