using Samples;
using Tessera.Cards.Store;
using Tessera.Platform.Applications;
using Tessera.Platform.Views;
using Tessera.Toolkit;

// One application, three terminals: pages in a browser, a telephone, two lines of sixteen characters.
(string Name, TerminalProfile Profile)[] terminals =
    [("browser", TerminalProfile.Rich), ("telephone", TerminalProfile.Phone), ("two lines", TerminalProfile.TextOnly)];

foreach (var (name, profile) in terminals)
{
    Console.WriteLine($"{name}:");
    var test = new TestSession(profile, Amount.Of(20)).Chooses("Airport 4.80").EntersPin();
    await test.RunAsync(new BusTickets(), CancellationToken.None);
    foreach (var shown in test.Shown) Console.WriteLine($"   {shown.ReplaceLineEndings(" | ")}");
    Console.WriteLine($"   scripts of {string.Join(", ", test.Scripts)} octets; {test.Account} left");

    // On the bus: no line to any server, and no key but the public one.
    using var inspector = ObjectInspector.With(test.IssuerKey);
    var seen = inspector.Look(test.Object(Ticket.Places[0]), TestSession.Card, TestSession.Time.AddHours(1));
    var late = inspector.Look(test.Object(Ticket.Places[0]), TestSession.Card, TestSession.Time.AddHours(3));
    Console.WriteLine($"   inspector: {seen}; two hours later: {late}");
    if (test.Account != Amount.Of(15.20m) || !seen.IsGood || late.IsGood) return 1;
}

return 0;
