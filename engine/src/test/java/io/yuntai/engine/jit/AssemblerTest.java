package io.yuntai.engine.jit;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Address.each;
import static io.yuntai.engine.jit.Encoded.evex;
import static io.yuntai.engine.jit.Encoded.vex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Encodings of vector instructions, against bytes that GNU as gives for the same. */
class AssemblerTest {
  @Test
  void evexRegisters() {
    assertThat(evex(a -> a.vector(VectorOp.FMS_213_F32, 3, 18, 30)))
        .as("vfmsub213ps zmm3, zmm18, zmm30")
        .isEqualTo("62926d40aade");
    assertThat(evex(a -> a.vector(VectorOp.FMA_SUB_ADD_213_F32, 3, 18, 30)))
        .as("vfmaddsub213ps zmm3, zmm18, zmm30")
        .isEqualTo("62926d40a6de");
    assertThat(evex(a -> a.vector(VectorOp.UINT32_TO_INT64, 20, at(Register.RBX, 64))))
        .as("vpmovzxdq zmm20, YMMWORD PTR [rbx+64]")
        .isEqualTo("62e27d48356302");
    assertThat(evex(a -> a.vector(VectorOp.BROADCAST_F32, 3, 3)))
        .as("vbroadcastss zmm3, xmm3")
        .isEqualTo("62f27d4818db");
    assertThat(evex(a -> a.vector(VectorOp.MOVE, 17, 4)))
        .as("vmovups zmm17, zmm4")
        .isEqualTo("62e17c4810cc");
    assertThat(evex(a -> a.vector(VectorOp.ADD_F32, 3, 18, 30)))
        .as("vaddps zmm3, zmm18, zmm30")
        .isEqualTo("62916c4058de");
    assertThat(evex(a -> a.vector(VectorOp.MULTIPLY_F32, 3, 18, 30)))
        .as("vmulps zmm3, zmm18, zmm30")
        .isEqualTo("62916c4059de");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_F32, 3, 18, 30)))
        .as("vsubps zmm3, zmm18, zmm30")
        .isEqualTo("62916c405cde");
    assertThat(evex(a -> a.vector(VectorOp.MIN_F32, 3, 18, 30)))
        .as("vminps zmm3, zmm18, zmm30")
        .isEqualTo("62916c405dde");
    assertThat(evex(a -> a.vector(VectorOp.MAX_F32, 3, 18, 30)))
        .as("vmaxps zmm3, zmm18, zmm30")
        .isEqualTo("62916c405fde");
    assertThat(evex(a -> a.vector(VectorOp.DIVIDE_F32, 3, 18, 30)))
        .as("vdivps zmm3, zmm18, zmm30")
        .isEqualTo("62916c405ede");
    assertThat(evex(a -> a.vector(VectorOp.INT32_TO_F32, 17, 4)))
        .as("vcvtdq2ps zmm17, zmm4")
        .isEqualTo("62e17c485bcc");
    assertThat(evex(a -> a.vector(VectorOp.AND, 3, 18, 30)))
        .as("vpandd zmm3, zmm18, zmm30")
        .isEqualTo("62916d40dbde");
    assertThat(evex(a -> a.vector(VectorOp.OR, 3, 18, 30)))
        .as("vpord zmm3, zmm18, zmm30")
        .isEqualTo("62916d40ebde");
    assertThat(evex(a -> a.vector(VectorOp.XOR, 3, 18, 30)))
        .as("vpxord zmm3, zmm18, zmm30")
        .isEqualTo("62916d40efde");
    assertThat(evex(a -> a.vector(VectorOp.ADD_INT32, 3, 18, 30)))
        .as("vpaddd zmm3, zmm18, zmm30")
        .isEqualTo("62916d40fede");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_INT32, 3, 18, 30)))
        .as("vpsubd zmm3, zmm18, zmm30")
        .isEqualTo("62916d40fade");
    assertThat(evex(a -> a.vector(VectorOp.DOT_BYTES, 3, 18, 30)))
        .as("vpdpbusd zmm3, zmm18, zmm30")
        .isEqualTo("62926d4050de");
    assertThat(evex(a -> a.vector(VectorOp.FMA_231_F32, 3, 18, 30)))
        .as("vfmadd231ps zmm3, zmm18, zmm30")
        .isEqualTo("62926d40b8de");
    assertThat(evex(a -> a.vector(VectorOp.FMA_213_F32, 3, 18, 30)))
        .as("vfmadd213ps zmm3, zmm18, zmm30")
        .isEqualTo("62926d40a8de");
    assertThat(evex(a -> a.shift(ShiftOp.LEFT_INT32, 24, 19, 8)))
        .as("vpslld zmm24, zmm19, 8")
        .isEqualTo("62b13d4072f308");
    assertThat(evex(a -> a.vector(VectorOp.MULTIPLY_ADD_BYTES, 3, 18, 30)))
        .as("vpmaddubsw zmm3, zmm18, zmm30")
        .isEqualTo("62926d4004de");
    assertThat(evex(a -> a.vector(VectorOp.MULTIPLY_ADD_INT16, 3, 18, 30)))
        .as("vpmaddwd zmm3, zmm18, zmm30")
        .isEqualTo("62916d40f5de");
    assertThat(evex(a -> a.vector(VectorOp.ADD_INT16, 3, 18, 30)))
        .as("vpaddw zmm3, zmm18, zmm30")
        .isEqualTo("62916d40fdde");
    assertThat(evex(a -> a.shift(ShiftOp.RIGHT_INT32, 2, 31, 16)))
        .as("vpsrld zmm2, zmm31, 16")
        .isEqualTo("62916d4872d710");
    assertThat(evex(a -> a.ternaryLogic(16, 24, 31, 0xF8)))
        .as("vpternlogd zmm16, zmm24, zmm31, 0xf8")
        .isEqualTo("62833d4025c7f8");
    assertThat(evex(a -> a.broadcast(30, Register.R9)))
        .as("vpbroadcastd zmm30, r9d")
        .isEqualTo("62427d487cf1");
    assertThat(evex(a -> a.vector(VectorOp.SHUFFLE_INT32, 8, 0, 16, 0xB1)))
        .as("vpshufd zmm8, zmm16, 0xb1")
        .isEqualTo("62317d4870c0b1");
    assertThat(evex(a -> a.vector(VectorOp.F32_TO_INT32, 8, 20)))
        .as("vcvtps2dq zmm8, zmm20")
        .isEqualTo("62317d485bc4");
    assertThat(evex(a -> a.vector(VectorOp.MIN_UINT32, 8, 20, 3)))
        .as("vpminud zmm8, zmm20, zmm3")
        .isEqualTo("62725d403bc3");
    assertThat(evex(a -> a.shift(ShiftOp.RIGHT_SIGNED_INT32, 7, 20, 8)))
        .as("vpsrad zmm7, zmm20, 8")
        .isEqualTo("62b1454872e408");
  }

  @Test
  void evexPartsOfNumbers() {
    assertThat(evex(a -> a.vector(VectorOp.SCALE_F32, 3, 18, 30)))
        .as("vscalefps zmm3, zmm18, zmm30")
        .isEqualTo("62926d402cde");
    assertThat(evex(a -> a.vector(VectorOp.EXPONENT_F32, 21, 2)))
        .as("vgetexpps zmm21, zmm2")
        .isEqualTo("62e27d4842ea");
    assertThat(evex(a -> a.vector(VectorOp.SIGNIFICAND_F32, 12, 0, 2, 0)))
        .as("vgetmantps zmm12, zmm2, 0")
        .isEqualTo("62737d4826e200");
  }

  @Test
  void evexMasks() {
    assertThat(evex(a -> a.zeroing(VectorOp.ADD_INT32, 3, 3, 18, 30)))
        .as("vpaddd zmm3{k3}{z}, zmm18, zmm30")
        .isEqualTo("62916dc3fede");
    assertThat(evex(a -> a.blend(1, 3, 29, 18)))
        .as("vblendmps zmm3{k1}, zmm29, zmm18")
        .isEqualTo("62b2154165da");
    assertThat(evex(a -> a.store(4, 17, at(Register.R8, 128))))
        .as("vmovups ZMMWORD PTR [r8+128]{k4}, zmm17")
        .isEqualTo("62c17c4c114802");
    assertThat(evex(a -> a.compare(3, 18, 30, 5)))
        .as("vcmpps k3, zmm18, zmm30, 5")
        .isEqualTo("62916c40c2de05");
    assertThat(evex(a -> a.mask(2, Register.R9))).as("kmovw k2, r9d").isEqualTo("c4c17892d1");
  }

  @Test
  void evexShuffles() {
    assertThat(evex(a -> a.vector(VectorOp.SHUFFLE_QUARTERS, 3, 18, 30, 0x4E)))
        .as("vshuff32x4 zmm3, zmm18, zmm30, 0x4e")
        .isEqualTo("62936d4023de4e");
    assertThat(evex(a -> a.vector(VectorOp.PERMUTE_F32, 17, 0, 4, 0xB1)))
        .as("vpermilps zmm17, zmm4, 0xb1")
        .isEqualTo("62e37d4804ccb1");
  }

  @Test
  void evexMemory() {
    assertThat(evex(a -> a.storeHalves(at(Register.R9, 64), 17)))
        .as("vcvtps2ph YMMWORD PTR [r9+64], zmm17, 0")
        .isEqualTo("62c37d481d490200");
    assertThat(evex(a -> a.vector(VectorOp.MOVE, 2, at(Register.RBP, 64))))
        .as("vmovups zmm2, ZMMWORD PTR [rbp+64]")
        .isEqualTo("62f17c48105501");
    assertThat(evex(a -> a.vector(VectorOp.ADD_F32, 27, 5, at(Register.R13, 0))))
        .as("vaddps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415448585d00");
    assertThat(evex(a -> a.vector(VectorOp.MULTIPLY_F32, 27, 5, at(Register.R13, 0))))
        .as("vmulps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415448595d00");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_F32, 27, 5, at(Register.R13, 0))))
        .as("vsubps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("624154485c5d00");
    assertThat(evex(a -> a.vector(VectorOp.MIN_F32, 27, 5, at(Register.R13, 0))))
        .as("vminps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("624154485d5d00");
    assertThat(evex(a -> a.vector(VectorOp.MAX_F32, 27, 5, at(Register.R13, 0))))
        .as("vmaxps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("624154485f5d00");
    assertThat(evex(a -> a.vector(VectorOp.DIVIDE_F32, 27, 5, at(Register.R13, 0))))
        .as("vdivps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("624154485e5d00");
    assertThat(evex(a -> a.vector(VectorOp.INT32_TO_F32, 2, at(Register.RBP, 64))))
        .as("vcvtdq2ps zmm2, ZMMWORD PTR [rbp+64]")
        .isEqualTo("62f17c485b5501");
    assertThat(evex(a -> a.vector(VectorOp.AND, 27, 5, at(Register.R13, 0))))
        .as("vpandd zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415548db5d00");
    assertThat(evex(a -> a.vector(VectorOp.OR, 27, 5, at(Register.R13, 0))))
        .as("vpord zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415548eb5d00");
    assertThat(evex(a -> a.vector(VectorOp.XOR, 27, 5, at(Register.R13, 0))))
        .as("vpxord zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415548ef5d00");
    assertThat(evex(a -> a.vector(VectorOp.ADD_INT32, 27, 5, at(Register.R13, 0))))
        .as("vpaddd zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415548fe5d00");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_INT32, 27, 5, at(Register.R13, 0))))
        .as("vpsubd zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62415548fa5d00");
    assertThat(evex(a -> a.vector(VectorOp.DOT_BYTES, 27, 5, at(Register.R13, 0))))
        .as("vpdpbusd zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62425548505d00");
    assertThat(evex(a -> a.vector(VectorOp.FMA_231_F32, 27, 5, at(Register.R13, 0))))
        .as("vfmadd231ps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62425548b85d00");
    assertThat(evex(a -> a.vector(VectorOp.FMA_213_F32, 27, 5, at(Register.R13, 0))))
        .as("vfmadd213ps zmm27, zmm5, ZMMWORD PTR [r13]")
        .isEqualTo("62425548a85d00");
    assertThat(evex(a -> a.vector(VectorOp.STORE, 31, at(Register.RDI, Register.R11, 4, 192))))
        .as("vmovups ZMMWORD PTR [rdi+r11*4+192], zmm31")
        .isEqualTo("62217c48117c9f03");
    assertThat(evex(a -> a.vector(VectorOp.MOVE, 31, at(Register.RSP, 100))))
        .as("vmovups zmm31, ZMMWORD PTR [rsp+100]")
        .isEqualTo("62617c4810bc2464000000");
    assertThat(evex(a -> a.vector(VectorOp.STORE_F32, 30, at(Register.RDI, 256))))
        .as("vmovss DWORD PTR [rdi+256], xmm30")
        .isEqualTo("62617e48117740");
    assertThat(evex(a -> a.vector(VectorOp.F16_TO_F32, 20, at(Register.RAX, 96))))
        .as("vcvtph2ps zmm20, YMMWORD PTR [rax+96]")
        .isEqualTo("62e27d48136003");
    assertThat(evex(a -> a.vector(VectorOp.INT8_TO_INT32, 20, at(Register.RBX, 48))))
        .as("vpmovsxbd zmm20, XMMWORD PTR [rbx+48]")
        .isEqualTo("62e27d48216303");
    assertThat(evex(a -> a.vector(VectorOp.UINT16_TO_INT32, 20, at(Register.RBX, 64))))
        .as("vpmovzxwd zmm20, YMMWORD PTR [rbx+64]")
        .isEqualTo("62e27d48336302");
    assertThat(evex(a -> a.vector(VectorOp.BROADCAST_INT32, 24, at(Register.R11, 72))))
        .as("vpbroadcastd zmm24, DWORD PTR [r11+72]")
        .isEqualTo("62427d48584312");
    assertThat(evex(a -> a.vector(VectorOp.BROADCAST_F32, 24, at(Register.R11, 1000))))
        .as("vbroadcastss zmm24, DWORD PTR [r11+1000]")
        .isEqualTo("62427d481883e8030000");
    assertThat(evex(a -> a.shift(ShiftOp.LEFT_INT16, 16, at(Register.R10, 64), 4)))
        .as("vpsllw zmm16, ZMMWORD PTR [r10+64], 4")
        .isEqualTo("62d17d4071720104");
    assertThat(evex(a -> a.shift(ShiftOp.RIGHT_INT16, 22, at(Register.R10, 100), 3)))
        .as("vpsrlw zmm22, ZMMWORD PTR [r10+100], 3")
        .isEqualTo("62d14d4071926400000003");
    assertThat(evex(a -> a.vector(VectorOp.STORE_INT8, 18, at(Register.RDX, 16))))
        .as("vpmovdb XMMWORD PTR [rdx+16], zmm18")
        .isEqualTo("62e27e48315201");
  }

  @Test
  void vexMemory() {
    assertThat(vex(a -> a.vector(VectorOp.MOVE, 8, at(Register.R9, Register.R10, 8, 32))))
        .as("vmovups ymm8, YMMWORD PTR [r9+r10*8+32]")
        .isEqualTo("c4017c1044d120");
    assertThat(vex(a -> a.vector(VectorOp.ADD_F32, 14, 5, at(Register.RSP, 300))))
        .as("vaddps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c4615458b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.MULTIPLY_F32, 14, 5, at(Register.RSP, 300))))
        .as("vmulps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c4615459b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.SUBTRACT_F32, 14, 5, at(Register.RSP, 300))))
        .as("vsubps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c461545cb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.MIN_F32, 14, 5, at(Register.RSP, 300))))
        .as("vminps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c461545db4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.MAX_F32, 14, 5, at(Register.RSP, 300))))
        .as("vmaxps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c461545fb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.DIVIDE_F32, 14, 5, at(Register.RSP, 300))))
        .as("vdivps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c461545eb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.INT32_TO_F32, 8, at(Register.R9, Register.R10, 8, 32))))
        .as("vcvtdq2ps ymm8, YMMWORD PTR [r9+r10*8+32]")
        .isEqualTo("c4017c5b44d120");
    assertThat(vex(a -> a.vector(VectorOp.AND, 14, 5, at(Register.RSP, 300))))
        .as("vpand ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46155dbb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.OR, 14, 5, at(Register.RSP, 300))))
        .as("vpor ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46155ebb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.XOR, 14, 5, at(Register.RSP, 300))))
        .as("vpxor ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46155efb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.ADD_INT32, 14, 5, at(Register.RSP, 300))))
        .as("vpaddd ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46155feb4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.SUBTRACT_INT32, 14, 5, at(Register.RSP, 300))))
        .as("vpsubd ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46155fab4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.DOT_BYTES, 14, 5, at(Register.RSP, 300))))
        .as("vpdpbusd ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c4625550b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.FMA_231_F32, 14, 5, at(Register.RSP, 300))))
        .as("vfmadd231ps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46255b8b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.FMA_213_F32, 14, 5, at(Register.RSP, 300))))
        .as("vfmadd213ps ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c46255a8b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.MULTIPLY_ADD_BYTES, 14, 5, at(Register.RSP, 300))))
        .as("vpmaddubsw ymm14, ymm5, YMMWORD PTR [rsp+300]")
        .isEqualTo("c4625504b4242c010000");
    assertThat(vex(a -> a.vector(VectorOp.BROADCAST_F32, 9, at(Register.R11, 1000))))
        .as("vbroadcastss ymm9, DWORD PTR [r11+1000]")
        .isEqualTo("c4427d188be8030000");
    assertThat(vex(a -> a.vector(VectorOp.INT8_TO_INT32, 8, at(Register.RBX, 48))))
        .as("vpmovsxbd ymm8, QWORD PTR [rbx+48]")
        .isEqualTo("c4627d214330");
    assertThat(vex(a -> a.vector(VectorOp.STORE, 8, at(Register.R14, 480))))
        .as("vmovups YMMWORD PTR [r14+480], ymm8")
        .isEqualTo("c4417c1186e0010000");
    assertThat(vex(a -> a.vector(VectorOp.BROADCAST_INT32, 12, at(Register.R11, 72))))
        .as("vpbroadcastd ymm12, DWORD PTR [r11+72]")
        .isEqualTo("c4427d586348");
    assertThat(vex(a -> a.vector(VectorOp.F16_TO_F32, 7, at(Register.RAX, 96))))
        .as("vcvtph2ps ymm7, XMMWORD PTR [rax+96]")
        .isEqualTo("c4e27d137860");
  }

  @Test
  void evexBroadcast() {
    assertThat(evex(a -> a.vector(VectorOp.ADD_F32, 9, 21, each(Register.R12, -512))))
        .as("vaddps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515450584c2480");
    assertThat(evex(a -> a.vector(VectorOp.MULTIPLY_F32, 9, 21, each(Register.R12, -512))))
        .as("vmulps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515450594c2480");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_F32, 9, 21, each(Register.R12, -512))))
        .as("vsubps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("625154505c4c2480");
    assertThat(evex(a -> a.vector(VectorOp.MIN_F32, 9, 21, each(Register.R12, -512))))
        .as("vminps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("625154505d4c2480");
    assertThat(evex(a -> a.vector(VectorOp.MAX_F32, 9, 21, each(Register.R12, -512))))
        .as("vmaxps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("625154505f4c2480");
    assertThat(evex(a -> a.vector(VectorOp.DIVIDE_F32, 9, 21, each(Register.R12, -512))))
        .as("vdivps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("625154505e4c2480");
    assertThat(evex(a -> a.vector(VectorOp.AND, 9, 21, each(Register.R12, -512))))
        .as("vpandd zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515550db4c2480");
    assertThat(evex(a -> a.vector(VectorOp.OR, 9, 21, each(Register.R12, -512))))
        .as("vpord zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515550eb4c2480");
    assertThat(evex(a -> a.vector(VectorOp.XOR, 9, 21, each(Register.R12, -512))))
        .as("vpxord zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515550ef4c2480");
    assertThat(evex(a -> a.vector(VectorOp.ADD_INT32, 9, 21, each(Register.R12, -512))))
        .as("vpaddd zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515550fe4c2480");
    assertThat(evex(a -> a.vector(VectorOp.SUBTRACT_INT32, 9, 21, each(Register.R12, -512))))
        .as("vpsubd zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62515550fa4c2480");
    assertThat(evex(a -> a.vector(VectorOp.DOT_BYTES, 9, 21, each(Register.R12, -512))))
        .as("vpdpbusd zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62525550504c2480");
    assertThat(evex(a -> a.vector(VectorOp.FMA_231_F32, 9, 21, each(Register.R12, -512))))
        .as("vfmadd231ps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62525550b84c2480");
    assertThat(evex(a -> a.vector(VectorOp.FMA_213_F32, 9, 21, each(Register.R12, -512))))
        .as("vfmadd213ps zmm9, zmm21, DWORD PTR [r12-512]{1to16}")
        .isEqualTo("62525550a84c2480");
    assertThat(evex(a -> a.affine(18, 26, at(Register.RSP, 40), 0x80)))
        .as("vgf2p8affineqb zmm18, zmm26, QWORD PTR [rsp+40]{1to8}, 0x80")
        .isEqualTo("62e3ad50ce54240580");
    assertThat(evex(a -> a.affine(3, 9, at(Register.RSP, 4096), 0)))
        .as("vgf2p8affineqb zmm3, zmm9, QWORD PTR [rsp+4096]{1to8}, 0")
        .isEqualTo("62f3b558ce9c240010000000");
  }

  @Test
  void vexRegisters() {
    assertThat(vex(a -> a.vector(VectorOp.ADD_F32, 3, 12, 9)))
        .as("vaddps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c58d9");
    assertThat(vex(a -> a.vector(VectorOp.MULTIPLY_F32, 3, 12, 9)))
        .as("vmulps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c59d9");
    assertThat(vex(a -> a.vector(VectorOp.SUBTRACT_F32, 3, 12, 9)))
        .as("vsubps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c5cd9");
    assertThat(vex(a -> a.vector(VectorOp.MIN_F32, 3, 12, 9)))
        .as("vminps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c5dd9");
    assertThat(vex(a -> a.vector(VectorOp.MAX_F32, 3, 12, 9)))
        .as("vmaxps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c5fd9");
    assertThat(vex(a -> a.vector(VectorOp.DIVIDE_F32, 3, 12, 9)))
        .as("vdivps ymm3, ymm12, ymm9")
        .isEqualTo("c4c11c5ed9");
    assertThat(vex(a -> a.vector(VectorOp.AND, 3, 12, 9)))
        .as("vpand ymm3, ymm12, ymm9")
        .isEqualTo("c4c11ddbd9");
    assertThat(vex(a -> a.vector(VectorOp.OR, 3, 12, 9)))
        .as("vpor ymm3, ymm12, ymm9")
        .isEqualTo("c4c11debd9");
    assertThat(vex(a -> a.vector(VectorOp.XOR, 3, 12, 9)))
        .as("vpxor ymm3, ymm12, ymm9")
        .isEqualTo("c4c11defd9");
    assertThat(vex(a -> a.vector(VectorOp.ADD_INT32, 3, 12, 9)))
        .as("vpaddd ymm3, ymm12, ymm9")
        .isEqualTo("c4c11dfed9");
    assertThat(vex(a -> a.vector(VectorOp.SUBTRACT_INT32, 3, 12, 9)))
        .as("vpsubd ymm3, ymm12, ymm9")
        .isEqualTo("c4c11dfad9");
    assertThat(vex(a -> a.vector(VectorOp.DOT_BYTES, 3, 12, 9)))
        .as("vpdpbusd ymm3, ymm12, ymm9")
        .isEqualTo("c4c21d50d9");
    assertThat(vex(a -> a.vector(VectorOp.FMA_231_F32, 3, 12, 9)))
        .as("vfmadd231ps ymm3, ymm12, ymm9")
        .isEqualTo("c4c21db8d9");
    assertThat(vex(a -> a.vector(VectorOp.FMA_213_F32, 3, 12, 9)))
        .as("vfmadd213ps ymm3, ymm12, ymm9")
        .isEqualTo("c4c21da8d9");
    assertThat(vex(a -> a.vector(VectorOp.MULTIPLY_ADD_BYTES, 3, 12, 9)))
        .as("vpmaddubsw ymm3, ymm12, ymm9")
        .isEqualTo("c4c21d04d9");
    assertThat(vex(a -> a.vector(VectorOp.MULTIPLY_ADD_INT16, 3, 12, 9)))
        .as("vpmaddwd ymm3, ymm12, ymm9")
        .isEqualTo("c4c11df5d9");
    assertThat(vex(a -> a.vector(VectorOp.ADD_INT16, 3, 12, 9)))
        .as("vpaddw ymm3, ymm12, ymm9")
        .isEqualTo("c4c11dfdd9");
    assertThat(vex(a -> a.shift(ShiftOp.LEFT_INT32, 8, 8, 8)))
        .as("vpslld ymm8, ymm8, 8")
        .isEqualTo("c4c13d72f008");
    assertThat(vex(a -> a.shift(ShiftOp.LEFT_INT16, 11, 6, 4)))
        .as("vpsllw ymm11, ymm6, 4")
        .isEqualTo("c4e12571f604");
  }

  @Test
  void refusesRegistersThatAnEncodingDoesNotHave() {
    assertThatThrownBy(() -> vex(a -> a.zero(16))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> evex(a -> a.zero(32))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> vex(a -> a.vector(VectorOp.MOVE, 1, each(Register.RAX, 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
