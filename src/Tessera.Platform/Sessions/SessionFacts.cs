using Tessera.Platform.Holders;
using Tessera.Platform.Views;

namespace Tessera.Platform.Sessions;

/// <summary>What does not change in a session.</summary>
/// <param name="Merchant">Who is paid where a payment does not say.</param>
/// <param name="Display">What the terminal shows at once.</param>
/// <param name="MaxList">Octets of the longest list the terminal takes in one command.</param>
/// <param name="FundingSource">The funding account that loads come from.</param>
internal sealed record SessionFacts(
    SessionReference Session, string Merchant, TextDisplay Display, int MaxList, string FundingSource);
