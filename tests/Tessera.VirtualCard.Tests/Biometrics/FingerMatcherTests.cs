using Tessera.Cards.Biometrics;
using Tessera.VirtualCard.Biometrics;
using Xunit;

namespace Tessera.VirtualCard.Tests.Biometrics;

/// <summary>docs/protocols/finger.md §4: figures of synthetic fingers, which say nothing of real ones.</summary>
public class FingerMatcherTests(ITestOutputHelper output)
{
    private const int Fingers = 20;
    private const int Presses = 5;

    [Fact]
    public void A_finger_is_known_again_turned_shifted_smeared_and_in_part_and_no_other_one_is()
    {
        var fingers = Enumerable.Range(1, Fingers).Select(number => new SyntheticFinger(number)).ToList();
        var references = fingers.Select(finger => finger.Enrol()).ToList();
        var (genuine, others) = (new List<int>(), new List<int>());
        for (var finger = 0; finger < Fingers; finger++)
        {
            for (var press = 0; press < Presses; press++)
                genuine.Add(FingerMatcher.Score(references[finger], fingers[finger].Lay((finger * Presses) + press + 1000)));
            for (var other = 0; other < Fingers; other++)
            {
                if (other != finger)
                    others.Add(FingerMatcher.Score(references[finger], fingers[other].Lay((finger * Fingers) + other + 5000)));
            }
        }

        var refused = genuine.Count(score => score < FingerMatcher.Threshold);
        var accepted = others.Count(score => score >= FingerMatcher.Threshold);
        output.WriteLine(
            $"synthetic fingers: {refused} of {genuine.Count} refused (least score {genuine.Min()}), " +
            $"{accepted} of {others.Count} of others accepted (greatest score {others.Max()})");
        Assert.True(refused <= genuine.Count / 100, $"{refused} of {genuine.Count} were refused.");
        Assert.Equal(0, accepted);
    }
}
