package io.yuntai.engine.jit;

import static io.yuntai.engine.jit.Address.at;
import static io.yuntai.engine.jit.Encoded.evex;
import static io.yuntai.engine.jit.Encoded.vex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Encodings of all other instructions, against bytes that GNU as gives for the same. */
class GeneralInstructionsTest {
  @Test
  void general() {
    assertThat(vex(a -> a.lowerHalf(Register.R9))).as("mov r9d, r9d").isEqualTo("4589c9");
    assertThat(vex(a -> a.load16(Register.RAX, at(Register.RSP, -64))))
        .as("movzx rax, WORD PTR [rsp-64]")
        .isEqualTo("480fb74424c0");
    assertThat(vex(a -> a.load16(Register.R11, at(Register.R9, 2))))
        .as("movzx r11, WORD PTR [r9+2]")
        .isEqualTo("4d0fb75902");
    assertThat(vex(a -> a.store16(at(Register.R9, 640), Register.R10)))
        .as("mov WORD PTR [r9+640], r10w")
        .isEqualTo("6645899180020000");
    assertThat(vex(a -> a.move(Register.R8, Register.RAX))).as("mov r8, rax").isEqualTo("4989c0");
    assertThat(vex(a -> a.add(Register.RDX, Register.R9))).as("add rdx, r9").isEqualTo("4c01ca");
    assertThat(vex(a -> a.load(Register.R15, at(Register.RSP, 8))))
        .as("mov r15, QWORD PTR [rsp+8]")
        .isEqualTo("4c8b7c2408");
    assertThat(vex(a -> a.and(Register.RSP, -64))).as("and rsp, -64").isEqualTo("4881e4c0ffffff");
    assertThat(vex(a -> a.and(Register.R12, 4096))).as("and r12, 4096").isEqualTo("4981e400100000");
    assertThat(vex(a -> a.store32(at(Register.R8, 12), Register.RDX)))
        .as("mov DWORD PTR [r8+12], edx")
        .isEqualTo("4189500c");
    assertThat(vex(a -> a.subtract(Register.R9, Register.RDX)))
        .as("sub r9, rdx")
        .isEqualTo("4929d1");
    assertThat(vex(a -> a.decrement(Register.R12))).as("dec r12").isEqualTo("49ffcc");
    assertThat(vex(a -> a.shiftRight(Register.RCX, 32))).as("shr rcx, 32").isEqualTo("48c1e920");
    assertThat(vex(Assembler::cpuid)).as("cpuid").isEqualTo("0fa2");
    assertThat(vex(Assembler::xgetbv)).as("xgetbv").isEqualTo("0f01d0");
    assertThat(vex(Assembler::zeroUpper)).as("vzeroupper").isEqualTo("c5f877");
    assertThat(vex(Assembler::ret)).as("ret").isEqualTo("c3");
    assertThat(vex(a -> a.exchange(Register.R13, Register.R14)))
        .as("xchg r14, r13")
        .isEqualTo("4d87ee");
    assertThat(vex(a -> a.and(Register.RSP, -64)))
        .as(".byte 0x48, 0x81, 0xe4, 0xc0, 0xff, 0xff, 0xff")
        .isEqualTo("4881e4c0ffffff");
    assertThat(vex(a -> a.multiply(Register.R10, Register.R8, 15)))
        .as(".byte 0x4d, 0x69, 0xd0, 0x0f, 0, 0, 0")
        .isEqualTo("4d69d00f000000");
    assertThat(vex(a -> a.prefetchToWrite(at(Register.R10, 127))))
        .as("rex.W prefetchw [r10+127]")
        .isEqualTo("490f0d4a7f");
    assertThat(vex(a -> a.prefetchToSecondLevel(at(Register.RAX, 64))))
        .as("rex.W prefetcht1 [rax+64]")
        .isEqualTo("480f185040");
    assertThat(vex(a -> a.store(at(Register.RBX, 88), Register.RAX)))
        .as("mov [rbx+88], rax")
        .isEqualTo("48894358");
    assertThat(vex(a -> a.moveIfZero(Register.RSI, Register.RAX)))
        .as("cmovz rsi, rax")
        .isEqualTo("480f44f0");
    assertThat(vex(a -> a.moveIfZero(Register.R9, Register.R15)))
        .as("cmovz r9, r15")
        .isEqualTo("4d0f44cf");
  }

  @Test
  void jumpsAheadAndBack() {
    assertThat(
            vex(a -> {
              int back = a.position();
              int ahead = a.skipIfNotZero();
              a.ret();
              a.land(ahead);
              a.jumpIfNotZero(back);
            }))
        .as("1: jnz 2f; ret; 2: jnz 1b, with distances of 32 bits")
        .isEqualTo("0f8501000000" + "c3" + "0f85f3ffffff");
  }

  @Test
  void scalars() {
    assertThat(vex(a -> a.scalar(ScalarOp.F32_TO_F64, 3, 4, 5)))
        .as("vcvtss2sd xmm3, xmm4, xmm5")
        .isEqualTo("c4e15a5add");
    assertThat(vex(a -> a.scalar(ScalarOp.F64_TO_F32, 3, 4, 13)))
        .as("vcvtsd2ss xmm3, xmm4, xmm13")
        .isEqualTo("c4c15b5add");
    assertThat(vex(a -> a.scalar(ScalarOp.ROOT_F64, 9, 4, 5)))
        .as("vsqrtsd xmm9, xmm4, xmm5")
        .isEqualTo("c4615b51cd");
    assertThat(vex(a -> a.scalar(ScalarOp.ADD_F64, 3, 4, 5)))
        .as("vaddsd xmm3, xmm4, xmm5")
        .isEqualTo("c4e15b58dd");
    assertThat(vex(a -> a.scalar(ScalarOp.DIVIDE_F32, 3, 12, 5)))
        .as("vdivss xmm3, xmm12, xmm5")
        .isEqualTo("c4e11a5edd");
    assertThat(vex(a -> a.scalar(ScalarOp.DIVIDE_F64, 3, 12, 5)))
        .as("vdivsd xmm3, xmm12, xmm5")
        .isEqualTo("c4e11b5edd");
    assertThat(vex(a -> a.toF64(4, Register.R11)))
        .as("vcvtsi2sd xmm4, xmm4, r11")
        .isEqualTo("c4c1db2ae3");
    assertThat(evex(a -> a.toF64(4, Register.RAX)))
        .as("vcvtsi2sd xmm4, xmm4, rax")
        .isEqualTo("c4e1db2ae0");
    assertThatThrownBy(() -> evex(a -> a.toF64(16, Register.RAX)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void matrices() {
    assertThat(vex(a -> a.loadTileShapes(at(Register.RSP, 0))))
        .as("ldtilecfg [rsp]")
        .isEqualTo("c4e278490424");
    assertThat(vex(Assembler::releaseTiles)).as("tilerelease").isEqualTo("c4e27849c0");
    assertThat(vex(a -> a.zeroTile(3))).as("tilezero tmm3").isEqualTo("c4e27b49d8");
    assertThat(vex(a -> a.loadTile(4, at(Register.R11, Register.RCX, 1, 480))))
        .as("tileloadd tmm4, [r11+rcx*1+480]")
        .isEqualTo("c4c27b4ba40be0010000");
    assertThat(vex(a -> a.loadTile(5, at(Register.RDI, Register.R12, 1, 0))))
        .as("tileloadd tmm5, [rdi+r12*1]")
        .isEqualTo("c4a27b4b2c27");
    assertThat(vex(a -> a.storeTile(at(Register.R13, Register.R12, 1, 1024), 1)))
        .as("tilestored [r13+r12*1+1024], tmm1")
        .isEqualTo("c4827a4b8c2500040000");
    assertThat(vex(a -> a.multiplyTiles(2, 4, 5)))
        .as("tdpbssd tmm2, tmm4, tmm5")
        .isEqualTo("c4e2535ed4");
  }
}
