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
    await test.RunAsync(new Samples.BusTickets(), CancellationToken.None);
    foreach (var shown in test.Shown) Console.WriteLine($"   {shown.ReplaceLineEndings(" | ")}");
    Console.WriteLine($"   scripts of {string.Join(", ", test.Scripts)} octets; {test.Account} left");
    if (test.Account != Amount.Of(15.20m)) return 1;
}

return 0;
