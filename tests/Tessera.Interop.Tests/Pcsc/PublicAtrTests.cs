using Tessera.Cards.Atr;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

public class PublicAtrTests
{
    private const string List = "/usr/share/pcsc/smartcard_list.txt";

    /// <summary>
    /// Users collected it by hand: some entries are cut, have a digit wrong or come from cards that break the rules.
    /// </summary>
    [Fact]
    public async Task Most_answers_of_the_public_list_read_and_the_others_are_refused_with_a_reason()
    {
        if (!File.Exists(List)) Assert.Skip("install pcsc-tools");
        var (read, refused) = (0, new List<WireFormatException>());
        await foreach (var line in File.ReadLinesAsync(List, TestContext.Current.CancellationToken))
        {
            if (!IsAtr(line)) continue;
            try
            {
                var octets = Bytes.FromHex(line);
                Assert.Equal(octets, octets.Read<AnswerToReset>().Octets);
                read++;
            }
            catch (WireFormatException reason)
            {
                refused.Add(reason);
            }
        }

        Assert.InRange(read, 3000, int.MaxValue);
        Assert.InRange(refused.Count, 0, read / 30);
        Assert.DoesNotContain(refused, reason => string.IsNullOrEmpty(reason.Field));
    }

    private static bool IsAtr(string line) =>
        line.Length > 3 && line[..3] is "3B " or "3F " && line.All(c => c == ' ' || char.IsAsciiHexDigitUpper(c));
}
