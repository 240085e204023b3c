package io.yuntai.ledger.money;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A currency of ISO 4217: its code and how many decimal digits its minor unit has.
 *
 * <p>The list is our own and not the JDK's, because an invoice has to come out the same on every
 * JVM, and the JDK's list changes with its releases and by a system property.
 *
 * @param code three capital letters, for example {@code CNY}
 * @param minorDigits 0 to 4; 2 for CNY, USD, EUR, GBP and HKD
 */
public record IsoCurrency(String code, int minorDigits) {
  private static final String TWO_DIGITS =
      "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD"
          + " CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP"
          + " GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD"
          + " KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN"
          + " NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK"
          + " SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN"
          + " UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";
  private static final String NO_DIGITS =
      "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
  private static final String THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND";
  private static final String FOUR_DIGITS = "CLF UYW";

  private static final Map<String, IsoCurrency> ALL = all();

  public IsoCurrency {
    if (!code.matches("[A-Z]{3}") || minorDigits < 0 || minorDigits > 4) {
      throw new IllegalArgumentException(code + " with " + minorDigits + " digits");
    }
  }

  /**
   * The currency of a code in capital letters.
   *
   * @throws MoneyException when ISO 4217 has no such currency
   */
  public static IsoCurrency of(String code) {
    IsoCurrency found = ALL.get(code);
    if (found == null) {
      String capital = code.toUpperCase(Locale.ROOT);
      throw new MoneyException(
          ALL.containsKey(capital)
              ? "Currency '" + code + "': write it in capital letters, " + capital + "."
              : "Unknown currency '"
                  + code
                  + "': give the three letters of ISO 4217, for example CNY, USD or EUR.");
    }
    return found;
  }

  /** How many nanos the smallest coin has: 10,000,000 with two digits. */
  public long nanosPerMinor() {
    long nanos = Money.NANOS_PER_MAJOR;
    for (int digit = 0; digit < minorDigits; digit++) {
      nanos /= 10;
    }
    return nanos;
  }

  private static Map<String, IsoCurrency> all() {
    Map<String, IsoCurrency> all = new HashMap<>();
    put(all, TWO_DIGITS, 2);
    put(all, NO_DIGITS, 0);
    put(all, THREE_DIGITS, 3);
    put(all, FOUR_DIGITS, 4);
    return Map.copyOf(all);
  }

  private static void put(Map<String, IsoCurrency> all, String codes, int digits) {
    Arrays.stream(codes.split(" ")).forEach(code -> all.put(code, new IsoCurrency(code, digits)));
  }

  @Override
  public String toString() {
    return code;
  }
}
